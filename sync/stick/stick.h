#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/files/disk.h"
#include "sync/core/stick_name.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The folder "egret" of a stick that is carried between clinics and their centre
/// (sync/core/stick_name.h). Whatever else is on the stick is left alone.
namespace egret::stick {

class Stick {
public:
    /// `dir` is where the stick is mounted, or any folder. `disk` outlives this.
    explicit Stick(std::string dir, files::Disk& disk = files::system_disk());

    const std::string& dir() const noexcept { return dir_; }

    /// Nothing is made before there is something to write.
    /// Errors: not_found, if the folder isn't there: nothing is plugged in, or elsewhere.
    Result<Done> find() const;

    /// What clinics wrote, by device; of each the uploads by their numbers, then its call.
    std::vector<sync::StickName> up() const;
    /// What the centre wrote, by device and scope; pages by their numbers.
    std::vector<sync::StickName> down() const;

    /// Nothing, if the file is gone, larger than any such is, or can't be read.
    std::optional<Bytes> read(const sync::StickName& name) const;

    /// Does nothing, if the same content is there already. On the stick, under its name, when this
    /// returns: a stick may be pulled out at any time.
    /// Errors: no_space; forbidden, if it is write-protected; unavailable, if it is gone or broken.
    Result<Done> write(const sync::StickName& name, ByteView content) const;
    /// Nothing, if that can't be done.
    void remove(const sync::StickName& name) const;

private:
    std::vector<sync::StickName> names_in(std::string_view folder) const;
    std::string path_of(std::string_view path) const;

    std::string dir_;
    files::Disk& disk_;
};

}  // namespace egret::stick
