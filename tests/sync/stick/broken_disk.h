#pragma once

#include "registry/files/disk.h"

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace egret::tests {

/// The system's files on a stick that takes so many writes, and then says `trouble`. One that is
/// pulled out then (ENOENT) shows nothing any more.
class BrokenDisk final : public files::Disk {
public:
    BrokenDisk(int writes, int trouble) : writes_(writes), trouble_(trouble) {}

    std::optional<Bytes> read(const std::string& path, std::size_t bytes_max) override {
        return is_gone() ? std::nullopt : under_.read(path, bytes_max);
    }

    bool is_there(const std::string& path) override { return !is_gone() && under_.is_there(path); }

    bool is_folder(const std::string& path) override {
        return !is_gone() && under_.is_folder(path);
    }

    std::vector<std::string> names_in(const std::string& folder) override {
        return is_gone() ? std::vector<std::string>() : under_.names_in(folder);
    }

    void replace(const std::string& path, ByteView content) override {
        spend();
        under_.replace(path, content);
    }

    bool place_new(const std::string& draft, const std::string& path) override {
        spend();
        return under_.place_new(draft, path);
    }

    void remove(const std::string& path) override {
        if (!is_gone()) under_.remove(path);
    }

    void make_folder(const std::string& path) override {
        spend();
        under_.make_folder(path);
    }

    std::unique_ptr<files::Lock> take_lock(const std::string& path) override {
        return under_.take_lock(path);
    }

    bool has_failed() const noexcept { return writes_ < 0; }

private:
    bool is_gone() const noexcept { return has_failed() && trouble_ == ENOENT; }

    void spend() {
        if (writes_ > 0) {
            --writes_;
            return;
        }
        writes_ = -1;
        throw std::system_error(trouble_, std::generic_category(), "write to the stick");
    }

    files::Disk& under_ = files::system_disk();
    int writes_;
    int trouble_;
};

}  // namespace egret::tests
