#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace egret::tests {

/// An encrypting VFS made wrong in one way, over a right one. For tests that must notice.
enum class WrongWay {
    none,
    torn_frame_is_error,       // In recovery, where a torn frame only ends the log.
    torn_first_page_is_error,  // When SQLite reads the file's header, before it can recover.
    torn_image_is_error,       // In the rollback journal, which a torn image only ends.
    seal_is_left_in_the_page,  // Where SQLite's checksums expect the zeros that it wrote.
};

class WrongVault {
public:
    /// Over the VFS of that name, which outlives this.
    WrongVault(const std::string& base_name, WrongWay way);
    ~WrongVault();

    WrongVault(const WrongVault&) = delete;
    WrongVault& operator=(const WrongVault&) = delete;

    const std::string& vfs_name() const noexcept { return name_; }

private:
    friend struct WrongVaultCalls;

    sqlite3_vfs* base_;
    WrongWay way_;
    std::uint32_t reads_ = 0;
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace egret::tests
