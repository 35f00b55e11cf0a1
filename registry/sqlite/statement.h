#pragma once

#include "registry/base/bytes.h"
#include "registry/sqlite/database.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3_stmt;

namespace egret::sqlite {

/// One statement, compiled once and run many times.
///
/// Belongs to its Database, which outlives it, and to that one's thread. A move while a run is
/// under way is a bug.
class Statement {
public:
    class Run;

    /// At most this many parameters, so that a forgotten one can be told in one comparison.
    static constexpr int parameters_max = 64;

    /// Throws SqliteError if `sql` is wrong, or is not exactly one statement.
    Statement(Database& db, std::string_view sql);

    /// A scope in which the statement is bound, stepped and read. When it ends, on whatever path,
    /// the statement is reset: no lock and no bound value stays behind.
    /// Throws SqliteError if a run is under way: a statement is not re-entrant.
    [[nodiscard]] Run start();

private:
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };

    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    std::uint64_t all_bound_ = 0;  // One bit for each parameter.
    int parameter_count_ = 0;
    bool is_running_ = false;
};

/// One run of a statement: bind all, then next() until false, or finish().
///
///     auto run = find_.start();
///     run.bind(":id", id);
///     while (run.next()) out.push_back(run.text(0));
///
/// A value is a whole number or bool, text, bytes (also anything with a view() of bytes, such as
/// an Id), nullptr, or an optional of these. Values are copied. A parameter that the statement has
/// not, and one that was left out, throw SqliteError: forgetting is not NULL.
///
/// Readers count columns from 0 and throw SqliteError if the column holds another type: NULL is
/// never read as 0.
class Statement::Run {
public:
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// `name` with its colon: ":id".
    template <class T>
    Run& bind(const char* name, const T& value) {
        put(index_of(name), value);
        return *this;
    }

    /// The parameter ?1, ?2, …; or, where they have names, in the order of their first use.
    template <class T>
    Run& bind(int index, const T& value) {
        put(index, value);
        return *this;
    }

    /// All of them in order: the quickest way, for statements that run for every fact.
    template <class... T>
    Run& bind_all(const T&... values) {
        require_parameter_count(static_cast<int>(sizeof...(values)));
        int index = 0;
        (put(++index, values), ...);
        return *this;
    }

    /// Without a copy, for large values: what the view shows must stay as it is until this run
    /// ends.
    Run& bind_view(const char* name, ByteView value);
    Run& bind_view(int index, ByteView value);

    /// Goes to the next row. False when there is none, and from then on.
    bool next();

    /// Runs to the end, drops the rows, and resets.
    void finish();

    /// Goes to the one row that a statement like SELECT count(*) always has.
    Run& single();

    bool is_null(int column) const;
    std::int64_t int64(int column) const;
    std::string text(int column) const;
    Bytes blob(int column) const;

    /// Empty for NULL.
    std::optional<std::int64_t> find_int64(int column) const;
    std::optional<std::string> find_text(int column) const;
    std::optional<Bytes> find_blob(int column) const;

    /// SQLite's own memory, until the next step or the end of the run.
    std::string_view text_view(int column) const;
    ByteView blob_view(int column) const;

private:
    friend class Statement;

    enum class Stage { binding, on_row, done };

    explicit Run(Statement& statement) noexcept : statement_(statement) {}

    template <class T>
    void put(int index, const T& value) {
        if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::nullopt_t>) {
            put_null(index);
        } else if constexpr (std::integral<T>) {
            if (std::cmp_greater(+value, INT64_MAX)) refuse_number();
            put_int64(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::convertible_to<const T&, std::string_view>) {
            put_text(index, value);
        } else if constexpr (std::convertible_to<const T&, ByteView>) {
            put_blob(index, value);
        } else if constexpr (requires { ByteView{value.view()}; }) {
            put_blob(index, value.view());
        } else if constexpr (requires { value.has_value(); }) {
            if (value.has_value()) {
                put(index, *value);
            } else {
                put_null(index);
            }
        } else {
            static_assert(std::is_void_v<T>, "SQLite can't hold this type exactly");
        }
    }

    int index_of(const char* name) const;
    void require_parameter_count(int count) const;
    [[noreturn]] void refuse_number() const;
    void put_null(int index);
    void put_int64(int index, std::int64_t value);
    void put_text(int index, std::string_view value);
    void put_blob(int index, ByteView value);
    void note_bound(int index, int code);
    void require_type(int column, int type) const;
    [[noreturn]] void refuse(int code, std::string_view reason) const;
    sqlite3_stmt* handle() const noexcept { return statement_.handle_.get(); }

    Statement& statement_;
    std::uint64_t bound_ = 0;
    Stage stage_ = Stage::binding;
};

}  // namespace egret::sqlite
