#include "cli/console/report.h"

#include "cli/console/catalog.h"
#include "cli/console/field_name.h"
#include "registry/files/file_error.h"
#include "registry/json/dump.h"
#include "registry/sqlite/error.h"
#include "registry/vault/locked_memory.h"

#include <cerrno>
#include <exception>
#include <ostream>
#include <system_error>
#include <typeinfo>

namespace egret::console {
namespace {

Error broken(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

/// "egret::sqlite::SqliteError" of "N5egret6sqlite11SqliteErrorE": the names of the ABI that both
/// our compilers follow. What isn't such a name stays as it is.
std::string readable_type(std::string_view mangled) {
    std::string name;
    auto rest = mangled;
    const auto is_nested = rest.starts_with("N");
    if (is_nested) rest.remove_prefix(1);
    if (rest.starts_with("St")) {
        name = "std";
        rest.remove_prefix(2);
    }
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
        std::size_t length = 0;
        while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9' && length < mangled.size()) {
            length = length * 10 + static_cast<std::size_t>(rest[0] - '0');
            rest.remove_prefix(1);
        }
        if (length > rest.size()) return std::string(mangled);
        name.append(name.empty() ? "" : "::").append(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    return rest == (is_nested ? "E" : "") && !name.empty() ? name : std::string(mangled);
}

Error explain_unknown(const std::exception& thrown, const Terminal& terminal) {
    const auto type = readable_type(typeid(thrown).name());
    return broken(ErrorCode::unavailable,
                  terminal.is_checking
                      ? msg("report.unexpected_check", {{"type", type}})
                      : msg("report.unexpected", {{"type", type}, {"program", terminal.program}}));
}

Error disk_full() { return broken(ErrorCode::unavailable, msg("report.full")); }

Error explain(const sqlite::SqliteError& thrown, const Terminal& terminal) {
    using sqlite::Trouble;
    switch (thrown.trouble()) {
        case Trouble::busy: return broken(ErrorCode::unavailable, msg("report.busy"));
        case Trouble::full: return disk_full();
        case Trouble::damaged:
            return broken(ErrorCode::unavailable,
                          terminal.is_checking
                              ? msg("report.damaged_beyond")
                              : msg("report.damaged", {{"program", terminal.program}}));
        case Trouble::not_a_database:
            return broken(ErrorCode::unsupported, msg("report.not_a_registry"));
        case Trouble::read_only: return broken(ErrorCode::unavailable, msg("report.read_only"));
        case Trouble::io: return broken(ErrorCode::unavailable, msg("report.io"));
        case Trouble::constraint:
            return broken(ErrorCode::unavailable,
                          terminal.is_checking
                              ? msg("report.damaged_beyond")
                              : msg("report.contradiction", {{"program", terminal.program}}));
        case Trouble::other: return explain_unknown(thrown, terminal);
    }
    return explain_unknown(thrown, terminal);
}

Error explain(const std::system_error& thrown, const Terminal& terminal) {
    // A quota and a limit of this user are no other thing to her.
    for (const auto full : {ENOSPC, EDQUOT, EFBIG}) {
        if (thrown.code() == std::error_code(full, std::generic_category())) return disk_full();
    }
    // Some are thrown for other reasons than the system's; their text is not ours to show.
    if (thrown.code().category() != std::generic_category() &&
        thrown.code().category() != std::system_category()) {
        return explain_unknown(thrown, terminal);
    }
    const auto reason = thrown.code().message();
    if (const auto* of_file = dynamic_cast<const FileError*>(&thrown)) {
        return broken(ErrorCode::unavailable,
                      msg("report.file", {{"path", of_file->path()}, {"reason", reason}}));
    }
    return broken(ErrorCode::unavailable, msg("report.system", {{"reason", reason}}));
}

}  // namespace

void print(const Error& error, const Terminal& terminal) {
    const auto sentence = printable(text(error.message, terminal.language));
    if (terminal.json) {
        const json::Object inner{
            {"code", to_string(error.code)}, {"field", printable(error.field)}, {"text", sentence}};
        terminal.err << json::dump(json::Object{{"error", inner}}) << '\n';
    } else {
        const auto field = printable(field_name(error, terminal.language));
        if (!field.empty())
            terminal.err << field << (terminal.language == Language::zh ? "：" : ": ");
        terminal.err << sentence << '\n';
    }
    terminal.err.flush();
}

// A field with dashes is an option: the command was typed wrongly. Of what is typed as a field of a
// record its command knows.
ExitStatus status_of(const Error& error) {
    // What an option names may be missing here and there elsewhere; a word of the wrong form is
    // wrong everywhere.
    const bool is_word =
        error.code == ErrorCode::invalid_input || error.code == ErrorCode::unsupported;
    if (is_word && error.field.starts_with("--")) return ExitStatus::usage;
    // A wrong PIN leaves the registry as locked as none.
    const bool is_pin = error.field == "pin" && (error.code == ErrorCode::unauthorized ||
                                                 error.code == ErrorCode::unavailable);
    return error.code == ErrorCode::locked || is_pin ? ExitStatus::locked : ExitStatus::refused;
}

Result<ExitStatus> refuse_typed(const Error& error, const Terminal& terminal) {
    if (error.code != ErrorCode::invalid_input) return error;
    print(error, terminal);
    return ExitStatus::usage;
}

ExitStatus run_guarded(const Terminal& terminal, const std::function<ExitStatus()>& work) {
    try {
        return work();
    } catch (const sqlite::SqliteError& thrown) {
        print(explain(thrown, terminal), terminal);
    } catch (const vault::MemoryLimit&) {
        print(broken(ErrorCode::unavailable, msg("report.memory_limit")), terminal);
    } catch (const std::system_error& thrown) {
        print(explain(thrown, terminal), terminal);
    } catch (const std::exception& thrown) {
        print(explain_unknown(thrown, terminal), terminal);
    }
    return ExitStatus::refused;
}

}  // namespace egret::console
