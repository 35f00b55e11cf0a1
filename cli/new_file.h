#pragma once

#include "registry/base/result.h"

#include <array>
#include <memory>
#include <ostream>
#include <streambuf>
#include <string>

namespace egret::cli {

/// Writes to an open file, and remembers why it couldn't.
class NewFileBuffer final : public std::streambuf {
public:
    NewFileBuffer() { setp(bytes_.data(), bytes_.data() + bytes_.size()); }

    ~NewFileBuffer() override { close(); }

    NewFileBuffer(const NewFileBuffer&) = delete;
    NewFileBuffer& operator=(const NewFileBuffer&) = delete;

    /// Takes over the file.
    void open(int file) noexcept { file_ = file; }

    /// What is written so far is on the disk. False if that failed, now or before.
    bool sync_to_disk();
    void close() noexcept;

    /// The system's code of the first failure; 0 if there was none.
    int failure() const noexcept { return failure_; }

protected:
    int_type overflow(int_type character) override;
    int sync() override;

private:
    int file_ = -1;
    int failure_ = 0;
    std::array<char, 64 * 1024> bytes_{};
};

/// A file that is there whole or not at all: written under another name beside its place, and put
/// there by commit(). Nothing that is there already is ever replaced. Only its owner may read it.
class NewFile {
    struct Private {};  // Only create() makes one.

public:
    NewFile(Private, std::string path, std::string draft)
        : path_(std::move(path)), draft_(std::move(draft)) {}

    /// Errors: conflict, if there is a file of that name; unavailable, if none can be made there.
    static Result<std::unique_ptr<NewFile>> create(std::string path);

    /// Without commit() nothing is left.
    ~NewFile();

    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    std::ostream& stream() noexcept { return stream_; }

    /// Afterwards it is on the disk under its name.
    /// Errors: conflict, if somebody made such a file meanwhile.
    /// Throws std::system_error if the disk is full or fails.
    Result<Done> commit();

private:
    std::string path_;
    std::string draft_;
    NewFileBuffer buffer_;
    std::ostream stream_{&buffer_};
};

}  // namespace egret::cli
