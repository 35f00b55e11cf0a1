#include "sync/stick/stick.h"

#include "registry/base/limits.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

namespace egret::stick {
namespace {

namespace fs = std::filesystem;

constexpr auto stick_folder = "egret";

/// By what she can do about it.
Error trouble_of(const std::system_error& broken) {
    switch (broken.code().value()) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return {ErrorCode::no_space, "", msg("stick.full")};
        case EROFS:
        case EACCES:
        case EPERM: return {ErrorCode::forbidden, "", msg("stick.read_only")};
        default: return {ErrorCode::unavailable, "", msg("stick.gone")};
    }
}

bool comes_before(const sync::StickName& a, const sync::StickName& b) {
    return std::tie(a.device, a.kind, a.scope, a.first, a.last, a.hash) <
           std::tie(b.device, b.kind, b.scope, b.first, b.last, b.hash);
}

}  // namespace

Stick::Stick(std::string dir, files::Disk& disk) : dir_(std::move(dir)), disk_(disk) {}

Result<Done> Stick::find() const {
    // Else a folder would be made where the stick should be.
    if (disk_.is_folder(dir_)) return Done{};
    return Error{ErrorCode::not_found, "", msg("stick.no_folder", {{"path", dir_}})};
}

std::string Stick::path_of(std::string_view path) const {
    return (fs::path(dir_) / stick_folder / path).string();
}

std::vector<sync::StickName> Stick::names_in(std::string_view folder) const {
    std::vector<sync::StickName> names;
    try {
        for (const auto& name : disk_.names_in(path_of(folder))) {
            if (auto known = sync::parse_stick_name(std::string(folder) + "/" + name))
                names.push_back(*known);
        }
    } catch (const std::system_error&) {
        names.clear();  // Pulled out amid it: as good as empty.
    }
    std::sort(names.begin(), names.end(), comes_before);
    return names;
}

std::vector<sync::StickName> Stick::up() const { return names_in("up"); }

std::vector<sync::StickName> Stick::down() const { return names_in("down"); }

std::optional<Bytes> Stick::read(const sync::StickName& name) const {
    try {
        return disk_.read(path_of(name.path()), limits::batch_sealed_bytes_max);
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

Result<Done> Stick::write(const sync::StickName& name, ByteView content) const {
    if (const auto there = read(name); there && std::ranges::equal(*there, content)) return Done{};
    // Pulled out meanwhile.
    if (auto found = find(); !found) return Error{ErrorCode::unavailable, "", msg("stick.gone")};
    const auto path = path_of(name.path());
    try {
        disk_.make_folder(fs::path(path).parent_path().string());
        disk_.replace(path, content);
    } catch (const std::system_error& broken) {
        return trouble_of(broken);
    }
    return Done{};
}

void Stick::remove(const sync::StickName& name) const { disk_.remove(path_of(name.path())); }

}  // namespace egret::stick
