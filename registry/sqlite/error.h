#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace egret::sqlite {

/// What a person has to do about a failed database, one enumerator per way of helping her.
enum class Trouble {
    busy,            // Somebody else holds the file: close that, or wait.
    full,            // No room on the disk, or past the file's own limit.
    damaged,         // The bytes contradict each other. Keep the file and restore a copy.
    not_a_database,  // Another kind of file, an empty one, or the wrong key.
    read_only,       // The file or its folder may not be written.
    io,              // The disk, the cable or the folder failed.
    constraint,      // A row breaks a rule of the schema.
    other,           // Wrong SQL, too little memory: for a developer.
};

std::string_view to_string(Trouble trouble);

/// SQLite's code for a row that refers to nothing, for those who check it themselves.
inline constexpr int foreign_key_violation = 787;
/// The same for bytes that contradict each other in a way that only the reader of a row can see.
inline constexpr int damaged_code = 11;

/// SQLite could not do what it was asked to.
///
/// Holds the SQL as it is written in the program and names of tables and columns, never a bound
/// value: what() may be logged.
class SqliteError : public std::runtime_error {
public:
    SqliteError(int extended_code, std::string_view reason, std::string_view sql);

    /// SQLite's extended result code.
    int extended_code() const noexcept { return extended_code_; }

    Trouble trouble() const noexcept;

    /// The failed SQL, or the path of a file that could not be opened, or nothing.
    const std::string& sql() const noexcept { return sql_; }

private:
    int extended_code_;
    std::string sql_;
};

}  // namespace egret::sqlite
