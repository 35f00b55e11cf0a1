#include "cli/card_page.h"
#include "cli/console/catalog.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "cli/typed_ids.h"
#include "registry/json/dump.h"
#include "registry/service/woman_card.h"
#include "sync/client/link_keys.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

/// What others can check, and what is said of it on the card. Without a code, why.
struct Vouched {
    std::string jws;
    Message on_card;
    std::optional<Message> for_nurse{};  // What she can do about it.
};

std::string issuer_of(const client::LinkMembership& membership) {
    auto url = membership.url;
    while (url.ends_with('/')) url.pop_back();  // A card's issuer has none at its end.
    return url;
}

Result<Vouched> vouch(const Command& command, service::Clinic& clinic,
                      const service::WomanCard& card) {
    if (command.parsed.has("no-code")) return Vouched{"", msg("card.printed_without")};
    const auto dir = registry_dir(command);
    if (!dir) return dir.error();
    const auto keys = client::LinkKeys::load(*dir, clinic.link_key());
    if (!keys) return Vouched{"", msg("card.printed_without"), keys.error().message};
    if (!*keys || !(*keys)->membership())
        return Vouched{"", msg("card.no_centre"), msg("card.no_centre_yet")};
    if (clinic.is_shut_out()) return Vouched{"", msg("card.shut_out"), msg("card.join_anew")};
    const auto issuer = issuer_of(*(*keys)->membership());
    const auto part = service::vouched_part(card, issuer);
    if (!part) return Vouched{"", part.error().message};
    auto jws = card::issue(*part, (*keys)->card_key());
    if (!jws) return std::move(jws).error();
    return Vouched{*std::move(jws), msg("card.how_to_check", {{"issuer", issuer}})};
}

std::vector<Language> languages_of(const Command& command) {
    const auto asked = command.parsed.find("lang");
    if (asked && *asked == "both") return {Language::zh, Language::en};
    return {command.language()};
}

Result<Done> check_file_name(const std::optional<std::string>& path) {
    if (path && path->ends_with(".pdf"))
        return Error{ErrorCode::unsupported, "--out", msg("card.no_pdf")};
    return Done{};
}

/// `file` is "", if the page itself is the answer.
json::Object answer_json(const Command& command, const Vouched& vouched, const std::string& file,
                         const std::string& html) {
    json::Object said;
    if (file.empty())
        said.append("html", html);
    else
        said.append("file", file);
    if (vouched.jws.empty()) {
        const auto& why = vouched.for_nurse ? *vouched.for_nurse : vouched.on_card;
        said.append("code", json::Value());
        said.append("without_code", text(why, command.language()));
    } else {
        said.append("code", card::code_text(vouched.jws));
    }
    return said;
}

void say_done(const Command& command, const Vouched& vouched, const std::string& file,
              const std::string& html) {
    auto& out = command.terminal.out;
    if (command.terminal.json)
        out << json::dump(answer_json(command, vouched, file, html)) << '\n';
    else if (file.empty())
        out << html;
    else
        out << text(msg("card.done", {{"path", file}}), command.language()) << '\n';
}

Result<std::string> page_of(const Command& command, const service::WomanCard& card,
                            const Vouched& vouched) {
    CardPage page{card, std::nullopt, vouched.on_card, languages_of(command)};
    if (!vouched.jws.empty()) {
        auto code = card::to_qr(vouched.jws);
        if (!code) return std::move(code).error();
        page.code = *std::move(code);
    }
    return to_html(page);
}

Result<Done> write_file(const std::string& path, const std::string& html) {
    const auto file = NewFile::create(path);
    if (!file) return file.error();
    (*file)->stream() << html;
    return (*file)->commit();
}

Outcome print_card(const Command& command) {
    const auto path = command.parsed.find("out");
    if (const auto named = check_file_name(path); !named) return named.error();
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto woman = read_woman_id(**clinic, command.parsed.value("ID"), "ID");
    if (!woman) return woman.error();
    const auto card = service::print_card(**clinic, (*clinic)->caller(), *woman);
    if (!card) return card.error();
    warn_of_day(command, (*clinic)->day());
    const auto vouched = vouch(command, **clinic, *card);
    if (!vouched) return vouched.error();
    if (vouched->for_nurse && !command.terminal.json) {
        command.terminal.err << text("cli.warning", command.language())
                             << text(*vouched->for_nurse, command.language()) << '\n';
    }
    const auto html = page_of(command, *card, *vouched);
    if (!html) return html.error();
    const auto file = path && *path != "-" ? *path : std::string();
    if (!file.empty()) {
        if (const auto written = write_file(file, *html); !written) return written.error();
    }
    say_done(command, *vouched, file, *html);
    return ExitStatus::done;
}

}  // namespace

void add_card_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "card", print_card);
}

}  // namespace egret::cli
