#include "registry/sqlite/statement.h"

#include "registry/sqlite/detail/failure.h"

#include <sqlite3.h>

namespace egret::sqlite {

namespace {

// What stands for an empty value: a null pointer would bind NULL.
constexpr const char* empty_value = "";

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
    sqlite3_finalize(handle);
}

Statement::Statement(Database& db, std::string_view sql) {
    const auto compile = [&](std::string_view text, const char** tail) {
        sqlite3_stmt* handle = nullptr;
        const int code = sqlite3_prepare_v3(db.handle(), text.data(), static_cast<int>(text.size()),
                                            SQLITE_PREPARE_PERSISTENT, &handle, tail);
        if (code != SQLITE_OK) detail::fail(db.handle(), code, sql);
        return std::unique_ptr<sqlite3_stmt, Finalize>(handle);
    };
    const char* tail = nullptr;
    handle_ = compile(sql, &tail);
    if (!handle_) throw SqliteError(SQLITE_MISUSE, "there is no statement", sql);
    const auto rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    if (!rest.empty() && compile(rest, &tail))
        throw SqliteError(SQLITE_MISUSE, "there is more than one statement", sql);

    parameter_count_ = sqlite3_bind_parameter_count(handle_.get());
    if (parameter_count_ > parameters_max)
        throw SqliteError(SQLITE_RANGE, "there are too many parameters", sql);
    if (parameter_count_ > 0) all_bound_ = ~std::uint64_t{0} >> (64 - parameter_count_);
}

Statement::Run Statement::start() {
    if (is_running_)
        throw SqliteError(SQLITE_MISUSE, "the statement is already running",
                          sqlite3_sql(handle_.get()));
    is_running_ = true;
    return Run(*this);
}

Statement::Run::~Run() {
    // What reset returns is the failure that next() has thrown already.
    sqlite3_reset(handle());
    if (bound_ != 0) sqlite3_clear_bindings(handle());
    statement_.is_running_ = false;
}

Statement::Run& Statement::Run::bind_view(const char* name, ByteView value) {
    return bind_view(index_of(name), value);
}

Statement::Run& Statement::Run::bind_view(int index, ByteView value) {
    const void* data = value.empty() ? empty_value : static_cast<const void*>(value.data());
    note_bound(index, sqlite3_bind_blob64(handle(), index, data, value.size(), SQLITE_STATIC));
    return *this;
}

bool Statement::Run::next() {
    if (stage_ == Stage::done) return false;
    if (stage_ == Stage::binding && bound_ != statement_.all_bound_)
        refuse(SQLITE_RANGE, "a parameter was not bound");
    const int code = sqlite3_step(handle());
    if (code == SQLITE_ROW) {
        stage_ = Stage::on_row;
        return true;
    }
    stage_ = Stage::done;
    if (code == SQLITE_DONE) return false;
    detail::fail_running(sqlite3_db_handle(handle()), code, sqlite3_sql(handle()));
}

void Statement::Run::finish() {
    while (next()) {
    }
    sqlite3_reset(handle());
}

Statement::Run& Statement::Run::single() {
    if (!next()) refuse(SQLITE_NOTFOUND, "there is no row");
    return *this;
}

bool Statement::Run::is_null(int column) const {
    if (stage_ != Stage::on_row || column < 0 || column >= sqlite3_data_count(handle()))
        refuse(SQLITE_RANGE, "there is no such column in a row");
    return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}

std::int64_t Statement::Run::int64(int column) const {
    require_type(column, SQLITE_INTEGER);
    return sqlite3_column_int64(handle(), column);
}

std::string Statement::Run::text(int column) const { return std::string(text_view(column)); }

Bytes Statement::Run::blob(int column) const { return copy_of(blob_view(column)); }

std::optional<std::int64_t> Statement::Run::find_int64(int column) const {
    if (is_null(column)) return std::nullopt;
    return int64(column);
}

std::optional<std::string> Statement::Run::find_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<Bytes> Statement::Run::find_blob(int column) const {
    if (is_null(column)) return std::nullopt;
    return blob(column);
}

std::string_view Statement::Run::text_view(int column) const {
    require_type(column, SQLITE_TEXT);
    const auto* data = sqlite3_column_text(handle(), column);
    if (data == nullptr) refuse(SQLITE_NOMEM, "there is no memory for a text");
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle(), column));
    return text_of({data, size});
}

ByteView Statement::Run::blob_view(int column) const {
    require_type(column, SQLITE_BLOB);
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle(), column));
    if (data == nullptr && size > 0) refuse(SQLITE_NOMEM, "there is no memory for a blob");
    return {data, size};
}

int Statement::Run::index_of(const char* name) const {
    const int index = sqlite3_bind_parameter_index(handle(), name);
    if (index == 0) refuse(SQLITE_RANGE, "there is no parameter of this name");
    return index;
}

void Statement::Run::require_parameter_count(int count) const {
    if (count != statement_.parameter_count_)
        refuse(SQLITE_RANGE, "the number of values is not that of the parameters");
}

void Statement::Run::refuse_number() const {
    refuse(SQLITE_RANGE, "a number is past 64 signed bits");
}

void Statement::Run::put_null(int index) { note_bound(index, sqlite3_bind_null(handle(), index)); }

void Statement::Run::put_int64(int index, std::int64_t value) {
    note_bound(index, sqlite3_bind_int64(handle(), index, value));
}

void Statement::Run::put_text(int index, std::string_view value) {
    const char* data = value.empty() ? empty_value : value.data();
    // NOLINTNEXTLINE(performance-no-int-to-ptr): SQLite's own spelling of "copy it".
    const auto copy = SQLITE_TRANSIENT;
    note_bound(index, sqlite3_bind_text64(handle(), index, data, value.size(), copy, SQLITE_UTF8));
}

void Statement::Run::put_blob(int index, ByteView value) {
    const void* data = value.empty() ? empty_value : static_cast<const void*>(value.data());
    // NOLINTNEXTLINE(performance-no-int-to-ptr): SQLite's own spelling of "copy it".
    const auto copy = SQLITE_TRANSIENT;
    note_bound(index, sqlite3_bind_blob64(handle(), index, data, value.size(), copy));
}

void Statement::Run::note_bound(int index, int code) {
    if (code != SQLITE_OK) refuse(code, sqlite3_errstr(code));
    bound_ |= std::uint64_t{1} << (index - 1);
}

void Statement::Run::require_type(int column, int type) const {
    if (is_null(column) || sqlite3_column_type(handle(), column) != type)
        refuse(SQLITE_MISMATCH, "a column holds another type");
}

void Statement::Run::refuse(int code, std::string_view reason) const {
    throw SqliteError(code, reason, sqlite3_sql(handle()));
}

}  // namespace egret::sqlite
