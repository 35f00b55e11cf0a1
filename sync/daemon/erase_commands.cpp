#include "cli/console/catalog.h"
#include "cli/console/report.h"
#include "registry/base/text.h"
#include "registry/files/private_file.h"
#include "registry/json/dump.h"
#include "sync/daemon/desk_commands.h"

#include <fstream>
#include <ostream>

namespace egret::daemon {
namespace {

using console::ExitStatus;

constexpr std::size_t list_bytes_max = 16 * 1024 * 1024;

/// One id a line. Of why and by whom the log of the centre tells.
bool add_to_list(const std::string& path, const std::vector<WomanId>& women) {
    std::ofstream list(path, std::ios::app);
    for (const auto& woman : women) list << woman.to_string() << '\n';
    list.flush();
    return list.good();
}

Result<std::vector<WomanId>> read_list(const std::string& path) {
    const Error bad{ErrorCode::invalid_input, "FILE",
                    msg("desk.bad_erased_list", {{"path", path}})};
    const auto content = read_small_file(path, list_bytes_max);
    if (!content) return bad;
    std::vector<WomanId> women;
    for (const auto line : split(text_of(*content), '\n')) {
        const auto typed = trim(line);
        if (typed.empty()) continue;
        const auto woman = WomanId::parse(typed);
        if (!woman || woman->is_nil()) return bad;
        women.push_back(*woman);
    }
    return women;
}

std::string joined_ids(const std::vector<WomanId>& women) {
    std::string ids;
    for (const auto& woman : women) ids.append(ids.empty() ? "" : ", ").append(woman.to_string());
    return ids;
}

void say_erased(const std::vector<WomanId>& women, bool again, const console::Terminal& terminal) {
    if (terminal.json) {
        json::Array ids;
        for (const auto& woman : women) ids.emplace_back(woman.to_string());
        terminal.out << json::dump(json::Object{{"erased", std::move(ids)}}) << '\n';
        return;
    }
    const auto count = std::to_string(women.size());
    terminal.out << (again ? console::text(msg("desk.done.erased_again", {{"count", count}}),
                                           terminal.language)
                           : console::text(msg("desk.done.erased", {{"count", count}}),
                                           terminal.language))
                 << '\n';
}

}  // namespace

Result<ExitStatus> erase_woman(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto woman = WomanId::parse(parsed.value("ID"));
    if (!woman)
        return console::refuse_typed({ErrorCode::invalid_input, "ID", msg("desk.bad_woman")},
                                     terminal);
    return with_desk(parsed, terminal, [&](central::CentreDesk& desk) -> Result<ExitStatus> {
        const auto erased =
            desk.erase(parsed.value("as"), *woman, parsed.has("joined"), parsed.value("because"));
        if (!erased) return console::refuse_typed(erased.error(), terminal);
        say_erased(erased->women, false, terminal);
        const auto list = parsed.find("list");
        if (!list || add_to_list(*list, erased->women)) return ExitStatus::done;
        terminal.err << console::text(msg("desk.list_not_written",
                                          {{"path", *list}, {"ids", joined_ids(erased->women)}}),
                                      terminal.language)
                     << '\n';
        return ExitStatus::partly;
    });
}

Result<ExitStatus> erase_list(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto women = read_list(parsed.value("FILE"));
    if (!women) return console::refuse_typed(women.error(), terminal);
    return with_desk(parsed, terminal, [&](central::CentreDesk& desk) -> Result<ExitStatus> {
        std::vector<WomanId> done;
        for (const auto& woman : *women) {
            const auto erased =
                desk.erase(parsed.value("as"), woman, true, parsed.value("because"));
            if (erased) {
                done.insert(done.end(), erased->women.begin(), erased->women.end());
                continue;
            }
            // She is erased, or a restored centre doesn't know her: both are as they shall be.
            const auto& id = erased.error().message.id;
            if (id != std::string_view("desk.erased_already") &&
                id != std::string_view("desk.no_woman"))
                return console::refuse_typed(erased.error(), terminal);
        }
        say_erased(done, true, terminal);
        return ExitStatus::done;
    });
}

}  // namespace egret::daemon
