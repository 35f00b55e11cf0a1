#include "registry/store/installed_file.h"

#include "registry/crypto/hash.h"

#include <algorithm>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_files_sql = R"sql(
    SELECT kind, name, version, content, hash FROM installed_file
     WHERE kind = ?1 ORDER BY name, version
)sql";
constexpr auto upsert_file_sql = R"sql(
    INSERT INTO installed_file (kind, name, version, content, hash) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (kind, name, version) DO UPDATE SET content = ?4, hash = ?5
)sql";

Hash hash_file(const InstalledFile& file) {
    crypto::Sha256 hash;
    hash.update(bytes_of("egret-file-1"));
    for (const auto* text : {&file.kind, &file.name, &file.version})
        hash.update(bytes_of(*text)).update(Bytes{0});
    return hash.update(file.frame).finish();
}

}  // namespace

InstalledFiles::InstalledFiles(sqlite::Database& db)
    : select_(db, select_files_sql), upsert_(db, upsert_file_sql) {}

void InstalledFiles::save(const InstalledFile& file, sqlite::WriteTransaction&) {
    upsert_.start()
        .bind_all(file.kind, file.name, file.version, file.frame, hash_file(file))
        .finish();
}

std::vector<InstalledFile> InstalledFiles::all(std::string_view kind) {
    std::vector<InstalledFile> files;
    auto run = select_.start();
    run.bind_all(kind);
    while (run.next()) {
        InstalledFile file{run.text(0), run.text(1), run.text(2), run.blob(3)};
        if (std::ranges::equal(run.blob_view(4), hash_file(file))) files.push_back(std::move(file));
    }
    return files;
}

}  // namespace egret::store
