#pragma once

#include "registry/base/bytes.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The small files beside a registry: what is sealed for the centre, keys, a lock.
namespace egret::files {

/// Held until it goes.
class Lock {
public:
    Lock() = default;
    virtual ~Lock() = default;

    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
};

/// Where small files lie. What is said to be on the disk outlives a power cut.
class Disk {
public:
    Disk() = default;
    virtual ~Disk() = default;

    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// The content of a file; nothing, if it isn't there or is longer than `bytes_max`.
    /// Throws std::system_error if it is there and can't be read.
    virtual std::optional<Bytes> read(const std::string& path, std::size_t bytes_max) = 0;
    /// Throws std::system_error if nobody can tell.
    virtual bool is_there(const std::string& path) = 0;
    virtual bool is_folder(const std::string& path) = 0;
    /// The names in a folder, in no promised order; none, if it can't be read.
    virtual std::vector<std::string> names_in(const std::string& folder) = 0;

    /// Gives a file that only its owner can read this content, in one step: on the disk, under its
    /// name, when this returns. After a power cut there is the old content or the new one.
    /// Throws std::system_error if the disk fails or is full; then the old content stands.
    virtual void replace(const std::string& path, ByteView content) = 0;
    /// Gives the file `draft`, whose content is on the disk, the name `path` in the same folder,
    /// and makes that durable; false, if there is something of that name: then both stay.
    /// Throws std::system_error if the disk fails.
    virtual bool place_new(const std::string& draft, const std::string& path) = 0;
    /// Nothing, if that can't be done: nobody needs it any more. After a power cut it may be back.
    virtual void remove(const std::string& path) = 0;
    /// A folder of its owner's alone, with those above it: on the disk, under its name, when this
    /// returns. Nothing, if there is something of that name.
    /// Throws std::system_error if the disk fails.
    virtual void make_folder(const std::string& path) = 0;

    /// What only one program at a time may have: nothing, if another has it.
    /// Throws std::system_error if the disk fails.
    virtual std::unique_ptr<Lock> take_lock(const std::string& path) = 0;
};

/// The files of this machine.
Disk& system_disk() noexcept;

}  // namespace egret::files
