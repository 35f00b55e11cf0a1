#include "sync/central/centre_keys.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/crypto/kdf.h"
#include "registry/files/private_file.h"
#include "sync/central/key_promotion.h"
#include "sync/central/key_seal.h"
#include "sync/core/key_bundle.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace egret::central {
namespace {

// What the key of the centre's own device is derived for, and nothing else.
constexpr auto desk_purpose = "egret/centre/desk";

// Longer than a programme; a device's own certificate is renewed long before.
constexpr std::chrono::days authority_valid{365 * 30};
constexpr std::chrono::days server_valid{365 * 10};
// Clocks of machines are off: what is made now must be valid for them, too.
constexpr std::chrono::days backdated{2};
constexpr std::string_view code_key_label = "egret-code-key-mark-v1";
constexpr std::size_t key_file_bytes_max = 64 * 1024;

std::string hex_line(ByteView bytes) { return to_hex(bytes) + "\n"; }

void write_text(const std::string& folder, const char* name, std::string_view content) {
    create_private_file(folder + "/" + name, bytes_of(content));
}

/// What a pin names of that key.
Result<Hash> pin_of(const std::string& key_pem) {
    const auto request = crypto::make_signing_request(key_pem);
    if (!request) return request.error();
    return crypto::check_signing_request(*request);
}

/// By which a file that was replaced is told from the one before.
struct FileMark {
    ino_t number = 0;
    off_t bytes = 0;
    std::int64_t changed_s = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const FileMark&, const FileMark&) = default;
};

/// Nothing, if it isn't there.
std::optional<FileMark> mark_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return std::nullopt;
    return FileMark{found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

Error bad_key_file(const std::string& path) {
    return {ErrorCode::unsupported, "", msg("central.bad_key_file", {{"path", path}})};
}

Result<crypto::Secret> read_key_file(const std::string& path) {
    auto content = crypto::Secret::of_size(key_file_bytes_max + 1);
    std::optional<std::size_t> size;
    try {
        size = read_file_into(content.span(), path);
    } catch (const std::system_error&) {
        // There, but not ours to read: the same is to be done.
    }
    if (!size) return Error{ErrorCode::not_found, "", msg("central.no_key_file", {{"path", path}})};
    if (*size > key_file_bytes_max) return bad_key_file(path);
    return crypto::Secret(content.view().first(*size));
}

Result<crypto::Secret> read_key32(const std::string& path) {
    const auto content = read_key_file(path);
    if (!content) return content.error();
    auto bytes = from_hex(trim(text_of(content->view())));
    if (!bytes || bytes->size() != 32) return bad_key_file(path);
    return crypto::Secret(*std::move(bytes));
}

/// The files of a folder that are sealed under the centre's data key.
class SealedFiles {
public:
    SealedFiles(std::string folder, const keys::DataKey& key)
        : folder_(std::move(folder)), seal_(key) {}

    std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }

    void write(std::string_view name, ByteView content, Random& random) const {
        create_private_file(path(name), seal_.seal(name, content, random));
    }

    Result<crypto::Secret> read(std::string_view name) const {
        const auto content = read_key_file(path(name));
        if (!content) return content.error();
        auto opened = seal_.open(name, content->view());
        if (!opened) return bad_key_file(path(name));
        return *std::move(opened);
    }

    Result<crypto::Secret> read_32(std::string_view name) const {
        auto key = read(name);
        if (key && key->size() != 32) return bad_key_file(path(name));
        return key;
    }

    Result<std::string> read_text(std::string_view name) const {
        const auto content = read(name);
        if (!content) return content.error();
        return std::string(text_of(content->view()));
    }

private:
    std::string folder_;
    KeySeal seal_;
};

Result<crypto::VerifyKey> read_root(const std::string& path) {
    const auto content = read_key32(path);
    if (!content) return content.error();
    crypto::VerifyKey root{};
    std::copy_n(content->view().begin(), root.size(), root.begin());
    return root;
}

Result<std::string> read_key_text(const std::string& path) {
    const auto content = read_key_file(path);
    if (!content) return content.error();
    return std::string(text_of(content->view()));
}

/// Both or none: what would be left of a centre that isn't made after all opens nothing, but looks
/// as if it did.
Result<Done> write_root(const std::string& folder, const crypto::SigningKey& root,
                        const crypto::SealKeyPair& recovery) {
    write_text(folder, "root.key", hex_line(root.seed()));
    try {
        write_text(folder, "recovery.key", hex_line(recovery.private_key()));
        sync_folder(folder);
    } catch (const std::system_error&) {
        for (const auto* name : {"/root.key", "/recovery.key"}) {
            std::error_code ignored;
            std::filesystem::remove(folder + name, ignored);
        }
        throw;
    }
    return Done{};
}

/// A folder of keys that is being checked: each file alone, then against the signed bundle.
class KeyFolder {
public:
    KeyFolder(const std::string& folder, const keys::DataKey& key)
        : folder_(folder), sealed_(folder, key), ring_(folder, key) {}

    std::vector<std::string> check() {
        check_ring();
        std::error_code ignored;
        if (std::filesystem::exists(path("recovery.key"), ignored)) check_recovery();
        if (!sealed_.read_32("code.key")) faults_.emplace_back("code.key");
        check_authority();
        check_server_key();
        return std::move(faults_);
    }

private:
    std::string path(const char* name) const { return folder_ + "/" + name; }

    void check_ring() {
        const auto ring = ring_.load();
        const auto root = read_root(path("root.pub"));
        const auto secret = read_key32(path("root.key"));
        std::error_code ignored;
        const bool is_away = !secret && !std::filesystem::exists(path("root.key"), ignored);
        const auto open_by = [&](const crypto::VerifyKey& key) {
            const auto opened = ring ? open_ring(*ring, key) : std::nullopt;
            if (opened) bundle_ = *opened;
            return opened.has_value();
        };
        const bool root_opens = root && open_by(*root);
        bool secret_opens = false;
        if (secret)
            secret_opens = open_by(crypto::SigningKey::from_seed(secret->view()).public_key());
        if (!root_opens && !secret_opens) faults_.emplace_back(RingFile::file_name);
        // Without the root's key nobody can tell which of the two is damaged.
        const bool is_doubtful = ring && !root_opens && (secret_opens || !secret);
        if (!root || is_doubtful) faults_.emplace_back("root.pub");
        const bool is_other = secret && !secret_opens && root_opens;
        if ((!secret && !is_away) || is_other) faults_.emplace_back("root.key");
    }

    void check_recovery() {
        const auto key = CentreKeys::load_recovery(folder_);
        if (!key || (bundle_ && key->public_key() != bundle_->recovery_key))
            faults_.emplace_back("recovery.key");
    }

    void check_authority() {
        const auto pem = read_key_text(path("ca.pem"));
        const auto certificate =
            pem ? crypto::read_certificate(*pem) : Result<crypto::CertificateFacts>(pem.error());
        const bool is_right = certificate && (!bundle_ || *pem == bundle_->ca_certificate_pem);
        if (!is_right) faults_.emplace_back("ca.pem");
        // The bundle's certificate is what clinics trust, whatever has become of the file.
        const auto trusted =
            bundle_ ? crypto::read_certificate(bundle_->ca_certificate_pem) : certificate;
        const auto hash = key_hash("ca.key");
        if (!hash || (trusted && *hash != trusted->key_hash)) faults_.emplace_back("ca.key");
    }

    void check_server_key() {
        const auto hash = key_hash("tls.key");
        const auto is_pinned = [&](const sync::KeyBundle& bundle) {
            const auto& pins = bundle.tls_pins;
            return std::find(pins.begin(), pins.end(), *hash) != pins.end();
        };
        if (!hash || (bundle_ && !is_pinned(*bundle_))) faults_.emplace_back("tls.key");
    }

    std::optional<Hash> key_hash(const char* name) const {
        const auto pem = sealed_.read_text(name);
        const auto hash = pem ? pin_of(*pem) : Result<Hash>(pem.error());
        return hash ? std::optional(*hash) : std::nullopt;
    }

    std::string folder_;
    SealedFiles sealed_;
    RingFile ring_;
    std::optional<sync::KeyBundle> bundle_;
    std::vector<std::string> faults_;
};

crypto::SigningKey desk_key(const keys::DataKey& key) {
    return crypto::SigningKey::from_seed(
        crypto::hkdf_sha256(key.view(), {}, bytes_of(desk_purpose), 32).view());
}

}  // namespace

Result<Done> CentreKeys::create(const Place& place, const std::string& name, Instant now,
                                Random& random) {
    const auto& folder = place.folder;
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    const auto root = crypto::SigningKey::generate(random);
    const auto recovery = crypto::SealKeyPair::generate(random);
    const auto ca_key = crypto::make_tls_key();
    const auto tls_key = crypto::make_tls_key();
    const auto ca = crypto::make_authority(ca_key, name, {now - backdated, now + authority_valid});
    if (!ca) return ca.error();

    const auto tls_key_hash = pin_of(tls_key);
    if (!tls_key_hash) return tls_key_hash.error();
    sync::KeyBundle front;
    front.programme = name;
    front.recovery_key = recovery.public_key();
    front.ca_certificate_pem = *ca;
    front.tls_pins = {*tls_key_hash};
    front.centre_device = make_random_id<DeviceTag>(random);

    write_text(folder, "root.pub", hex_line(root.public_key()));
    write_text(folder, "ca.pem", *ca);
    const SealedFiles sealed(folder, place.key);
    sealed.write("ca.key", bytes_of(ca_key), random);
    sealed.write("tls.key", bytes_of(tls_key), random);
    sealed.write("code.key", random.bytes<32>(), random);
    RingFile(folder, place.key).save(found_ring(front, root, now, random), random);
    sync_folder(folder);
    return write_root(place.root_folder, root, recovery);
}

/// What is in the ring now, and what was in it since these keys were loaded.
struct CentreKeys::Present {
    /// What the centre says and signs with. Never taken away: others hold references to it.
    struct Voice {
        std::shared_ptr<const crypto::SigningKey> receipt;
        Bytes bundle;
        Bytes bundle3;
        sync::KeyBundle said;
    };

    Present(RingFile from, const crypto::VerifyKey& trusted)
        : file(std::move(from)), root(trusted) {}

    /// Takes over a ring that was put in the place of the last; false, if it is none for us.
    bool take(const KeyRing& ring) {
        auto said = open_ring(ring, root);
        if (!said || (!voices.empty() && said->number < voices.back().said.number)) return false;
        seal_keys = ring.seal_keys;
        if (voices.empty() || voices.back().bundle3 != ring.bundle3)
            voices.push_back({ring.receipt, ring.bundle, ring.bundle3, *std::move(said)});
        return true;
    }

    /// Looks whether the file was replaced. One that is gone or damaged changes nothing here: what
    /// is in memory goes on, and `egretd check` names the file.
    void look() {
        const auto found = mark_of(file.path());
        if (!found || found == mark) return;
        const auto ring = file.load();
        if (ring && take(*ring)) mark = found;
    }

    std::mutex mutex;
    RingFile file;
    crypto::VerifyKey root;
    std::optional<FileMark> mark;
    std::deque<Voice> voices;
    std::vector<SealSlot> seal_keys;
};

CentreKeys::CentreKeys() = default;
CentreKeys::CentreKeys(CentreKeys&&) noexcept = default;
CentreKeys& CentreKeys::operator=(CentreKeys&&) noexcept = default;
CentreKeys::~CentreKeys() = default;

Result<CentreKeys> CentreKeys::load(const std::string& folder, const keys::DataKey& key) {
    const SealedFiles sealed(folder, key);
    CentreKeys keys;
    keys.desk_ = desk_key(key);
    const auto root = read_root(folder + "/root.pub");
    if (!root) return root.error();
    keys.root_ = *root;
    auto ca_key = sealed.read_text("ca.key");
    if (!ca_key) return std::move(ca_key).error();
    auto ca = read_key_text(folder + "/ca.pem");
    if (!ca) return std::move(ca).error();
    keys.authority_ = {*std::move(ca), *std::move(ca_key)};
    auto tls_key = sealed.read_text("tls.key");
    if (!tls_key) return std::move(tls_key).error();
    keys.tls_key_pem_ = *std::move(tls_key);
    auto code_key = sealed.read_32("code.key");
    if (!code_key) return std::move(code_key).error();
    keys.code_key_ = *std::move(code_key);
    keys.present_ = std::make_unique<Present>(RingFile(folder, key), keys.root_);
    auto& present = *keys.present_;
    present.mark = mark_of(present.file.path());
    const auto ring = present.file.load();
    if (!ring) return ring.error();
    if (!present.take(*ring)) return bad_files(folder, check(folder, key));
    return keys;
}

const crypto::SigningKey& CentreKeys::receipt() const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    return *present_->voices.back().receipt;
}

const Bytes& CentreKeys::bundle() const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    return present_->voices.back().bundle;
}

const Bytes& CentreKeys::bundle3() const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    return present_->voices.back().bundle3;
}

const sync::KeyBundle& CentreKeys::said() const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    return present_->voices.back().said;
}

std::shared_ptr<const crypto::SealKeyPair> CentreKeys::seal_key_for(const sync::KeyId& id) const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    for (const auto& slot : present_->seal_keys) {
        if (sync::key_id_of(slot.key->public_key()) == id) return slot.key;
    }
    return present_->seal_keys.back().key;
}

KeyRing CentreKeys::ring() const {
    const std::lock_guard lock(present_->mutex);
    present_->look();
    const auto& voice = present_->voices.back();
    return {voice.receipt, present_->seal_keys, voice.bundle, voice.bundle3};
}

void CentreKeys::replace_ring(const KeyRing& ring, Random& random) {
    const std::lock_guard lock(present_->mutex);
    EGRET_ENSURE(open_ring(ring, root_));
    present_->file.save(ring, random);
    present_->look();
}

Result<crypto::SigningKey> CentreKeys::load_root(const std::string& folder) const {
    const auto seed = read_key32(folder + "/root.key");
    if (!seed) return seed.error();
    auto root = crypto::SigningKey::from_seed(seed->view());
    if (root.public_key() != root_)
        return Error{ErrorCode::conflict, "root-dir",
                     msg("central.other_root", {{"path", folder}})};
    return root;
}

Result<crypto::SealKeyPair> CentreKeys::load_recovery(const std::string& folder) {
    const auto key = read_key32(folder + "/recovery.key");
    if (!key) return key.error();
    return crypto::SealKeyPair::from_private(key->view());
}

Error CentreKeys::bad_files(const std::string& folder, const std::vector<std::string>& names) {
    std::string paths;
    for (const auto& name : names)
        paths.append(paths.empty() ? "" : ", ").append(folder).append("/").append(name);
    return bad_key_file(paths);
}

std::vector<std::string> CentreKeys::check(const std::string& folder, const keys::DataKey& key) {
    return KeyFolder(folder, key).check();
}

Hash CentreKeys::code_key_mark() const {
    return crypto::Sha256().update(bytes_of(code_key_label)).update(code_key()).finish();
}

Result<std::string> CentreKeys::issue_server_certificate(const std::vector<std::string>& hosts,
                                                         Instant now) const {
    const auto request = crypto::make_signing_request(tls_key_pem_);
    if (!request) return request.error();
    const auto authority = crypto::read_certificate(authority_.certificate_pem);
    if (!authority) return authority.error();
    // Valid on the day of each bundle, too: a clinic whose clock is off goes by that.
    const auto from = std::min(authority->validity.from, now - backdated);
    return crypto::issue_server_certificate(authority_, *request, hosts,
                                            {from, now + server_valid});
}

}  // namespace egret::central
