#include "tests/support/sim_disk.h"

#include "registry/base/ensure.h"

#include <cerrno>
#include <map>
#include <system_error>

namespace egret::tests {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

[[noreturn]] void fail(DiskFault fault) {
    throw std::system_error(fault == DiskFault::full ? ENOSPC : EIO, std::generic_category(),
                            "a simulated disk");
}

}  // namespace

class SimDisk::HeldName final : public files::Lock {
public:
    HeldName(std::set<std::string>& held, std::string path) : held_(held), path_(std::move(path)) {
        held_.insert(path_);
    }

    ~HeldName() override { held_.erase(path_); }

    HeldName(const HeldName&) = delete;
    HeldName& operator=(const HeldName&) = delete;

private:
    std::set<std::string>& held_;
    std::string path_;
};

/// What the power is cut amid may be done, and may survive.
template <class Work>
void SimDisk::operate(Step step, const Work& work) {
    const bool was_cut = is_cut();
    const bool fails = meets_fault(step);
    if (!was_cut && (!fails || fault_ == DiskFault::power_cut)) work();
    if (fails) fail(fault_);
}

void SimDisk::name(NameChange& change, const std::string& path, std::shared_ptr<File> file) {
    const auto found = files_.find(path);
    change.before.emplace_back(path, found == files_.end() ? nullptr : found->second);
    if (file)
        files_[path] = std::move(file);
    else
        files_.erase(path);
}

std::optional<Bytes> SimDisk::read(const std::string& path, std::size_t bytes_max) {
    operate(Step::read, [] {});
    const auto found = files_.find(path);
    if (found == files_.end() || found->second->now.size() > bytes_max) return std::nullopt;
    return found->second->now;
}

bool SimDisk::is_there(const std::string& path) {
    operate(Step::look, [] {});
    return files_.contains(path);
}

bool SimDisk::is_folder(const std::string& path) {
    operate(Step::look, [] {});
    return !files_.contains(path);
}

std::vector<std::string> SimDisk::names_in(const std::string& folder) {
    std::vector<std::string> names;
    if (meets_fault(Step::look)) return names;
    for (const auto& entry : files_) {
        if (folder_of(entry.first) == folder)
            names.push_back(entry.first.substr(folder.size() + 1));
    }
    return names;
}

void SimDisk::write_draft(const std::string& path, ByteView content) {
    auto file = std::make_shared<File>();
    file->is_name_synced = true;  // As far as the folder is.
    operate(Step::open, [&] {
        NameChange change{folder_of(path), {}};
        name(change, path, file);
        changes_.push_back(std::move(change));
    });
    const bool was_cut = is_cut();
    const bool fails = meets_fault(Step::write);
    // A write that fails has written a part.
    if (fails && fault_ != DiskFault::power_cut)
        content = content.first(random_.below(content.size() + 1));
    if (!was_cut) write(*file, 0, content);
    if (fails) fail(fault_);
    operate(Step::sync, [&] {
        file->synced = file->now;
        file->pending.clear();
    });
}

void SimDisk::rename(const std::string& draft, const std::string& path) {
    operate(Step::remove, [&] {
        NameChange change{folder_of(path), {}};
        name(change, path, files_.at(draft));
        name(change, draft, nullptr);
        changes_.push_back(std::move(change));
    });
}

void SimDisk::sync_folder_of(const std::string& path) {
    const auto folder = folder_of(path);
    operate(Step::sync, [&] {
        std::erase_if(changes_, [&](const NameChange& change) { return change.folder == folder; });
    });
}

void SimDisk::replace(const std::string& path, ByteView content) {
    const auto draft = path + ".new";
    try {
        write_draft(draft, content);
    } catch (const std::system_error&) {
        remove(draft);
        throw;
    }
    rename(draft, path);
    sync_folder_of(path);
}

bool SimDisk::place_new(const std::string& draft, const std::string& path) {
    if (is_there(path)) return false;
    rename(draft, path);
    sync_folder_of(path);
    return true;
}

void SimDisk::remove(const std::string& path) {
    try {
        operate(Step::remove, [&] {
            if (!files_.contains(path)) return;
            NameChange change{folder_of(path), {}};
            name(change, path, nullptr);
            changes_.push_back(std::move(change));
        });
    } catch (const std::system_error&) {
        return;  // As the system's.
    }
}

void SimDisk::make_folder(const std::string& path) {
    operate(Step::open, [] {});
    sync_folder_of(path);
}

std::unique_ptr<files::Lock> SimDisk::take_lock(const std::string& path) {
    operate(Step::open, [] {});
    if (held_.contains(path)) return nullptr;
    return std::make_unique<HeldName>(held_, path);
}

void SimDisk::cut_power() {
    fail_at(1, DiskFault::power_cut);
    meets_fault(Step::sync);
}

void SimDisk::crash() {
    EGRET_ENSURE(held_.empty());
    std::map<std::string, std::size_t> kept;  // Of each folder, its first changes.
    for (const auto& change : changes_) ++kept[change.folder];
    auto left = kept;
    for (auto& entry : kept) entry.second = random_.below(entry.second + 1);
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
        if (left[change->folder]-- <= kept[change->folder]) continue;
        for (auto named = change->before.rbegin(); named != change->before.rend(); ++named) {
            if (named->second)
                files_[named->first] = named->second;
            else
                files_.erase(named->first);
        }
    }
    changes_.clear();
    CrashDisk::crash();
}

void SimDisk::set_files(const Files& files) {
    EGRET_ENSURE(held_.empty());
    changes_.clear();
    CrashDisk::set_files(files);
}

}  // namespace egret::tests
