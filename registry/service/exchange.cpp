#include "registry/service/exchange.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/fact_json.h"
#include "registry/crypto/hash.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/json/dump.h"
#include "registry/service/line_reader.h"
#include "registry/service/named_facts.h"
#include "registry/service/recorder.h"

#include <algorithm>
#include <memory>

namespace egret::service {
namespace {

// Enough lines that a commit is cheap beside them, few enough that a cut costs little.
constexpr std::uint64_t lines_per_transaction = 200;
constexpr std::size_t rows_at_once = 1000;

// So many lines that are no JSON, before the first person, and it is another kind of file.
constexpr std::size_t odd_lines_max = 10;

Error no_persons() { return {ErrorCode::invalid_input, "FILE", msg("import.not_persons")}; }

bool is_no_json(const Error& error) { return error.message.id == "json.malformed"; }

/// UTF-8, or as much of it as was read of a line that is too long, without the bytes that no text
/// has.
bool is_text(std::string_view line) {
    const auto has_odd_byte = std::any_of(line.begin(), line.end(), [](char byte) {
        return static_cast<unsigned char>(byte) < 0x20 && byte != '\t' && byte != '\r';
    });
    if (has_odd_byte) return false;
    // A character may have been cut.
    for (std::size_t cut = 0; cut < 4 && cut <= line.size(); ++cut) {
        if (is_utf8(line.substr(0, line.size() - cut))) return true;
    }
    return false;
}

/// The first 16 bytes of a hash as an id: the same things give the same id on every import.
template <class Tag>
Id<Tag> id_from(std::string_view domain, std::string_view one, std::string_view other) {
    crypto::Sha256 hash;
    hash.update(bytes_of(domain));
    hash.update(crypto::sha256(bytes_of(one)));
    hash.update(crypto::sha256(bytes_of(other)));
    const auto digest = hash.finish();
    Id<Tag> id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    if constexpr (Tag::is_uuid) {  // RFC 9562, version 8: made from something of our own.
        id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x80);
        id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    }
    return id;
}

/// Where a fact of the person's came from in the file, for its path: the first is the person.
std::string path_of(std::size_t index) {
    return index == 0 ? std::string() : "events[" + std::to_string(index - 1) + "]";
}

/// True, if a dose that is here is substandard by the file and not by what is recorded, or the
/// other way round: elsewhere its lot was found so, or released.
bool counts_otherwise(const std::optional<History>& known, const EventUid& uid, const Fact& said) {
    const auto* dose = std::get_if<Dose>(&said.detail);
    if (!dose || !known) return false;
    return std::any_of(known->facts.begin(), known->facts.end(), [&](const LiveFact& live) {
        const auto* here = std::get_if<Dose>(&live.fact.detail);
        return here && live.uid == uid &&
               (live.is_spoilt || here->substandard == true) != (dose->substandard == true);
    });
}

/// All that was ever said of who she is, and holds.
std::vector<json::Value> sayings_of(const History& history) {
    std::vector<json::Value> sayings{codec::to_json(history.who)};
    for (const auto& live : history.facts) {
        if (const auto* registered = std::get_if<Register>(&live.fact.detail))
            sayings.push_back(codec::to_json(registered->who));
        if (const auto* changed = std::get_if<DemographicsChange>(&live.fact.detail))
            sayings.push_back(codec::to_json(changed->who));
    }
    return sayings;
}

/// A line says more or other than what is recorded of her. Errors: conflict, if it tells of a birth
/// date or sex that was never hers.
Result<bool> differs_from_known(const History& known, const Demographics& said) {
    const auto sayings = sayings_of(known);
    const auto line = codec::to_json(said);
    bool differs = false;
    for (const auto& member : line.as_object()) {
        const auto says_so = [&](const json::Value& saying) {
            const auto* told = saying.find(member.name);
            return told && *told == member.value;
        };
        if (std::any_of(sayings.begin(), sayings.end(), says_so)) continue;
        if (member.name == "birth_date" || member.name == "sex")
            return Error{ErrorCode::conflict, member.name, msg("import.other_person")};
        differs = true;
    }
    return differs;
}

/// A fact of that person by itself.
Result<Done> check_imported(Fact& fact, const codec::Person& person, Date today) {
    if (auto checked = check_entry(fact); !checked) return checked;
    if (auto vaccine = check_vaccine(fact); !vaccine) return vaccine;
    return check_dates(fact, person.who, today);
}

/// The facts of a line beside each other.
Result<Done> check_specimens(const std::vector<codec::PersonEvent>& events) {
    std::vector<const Fact*> all;
    all.reserve(events.size());
    for (const auto& event : events) all.push_back(&event.fact);
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto days = check_specimen_days(all, *all[i]);
        if (!days) return std::move(days).error().within(path_of(i));
    }
    return Done{};
}

}  // namespace

WomanId Exchange::woman_of(const std::string& person_id) {
    if (const auto id = WomanId::parse(person_id); id && !id->is_nil()) return *id;
    return id_from<WomanTag>("egret-person-1", clinic_.registry_id(), person_id);
}

Result<Exchange::Outcome> Exchange::import_line(const Caller& caller, const std::string& line,
                                                sqlite::WriteTransaction& tx) {
    auto person = codec::parse_person(line);
    if (!person) return std::move(person).error();
    if (!person->who.birth_date)
        return Error{ErrorCode::invalid_input, "birth_date", msg("fact.missing")};
    if (!person->who.sex) return Error{ErrorCode::invalid_input, "sex", msg("fact.missing")};
    const auto woman = woman_of(person->id);
    if (is_facility(woman)) return Error{ErrorCode::invalid_input, "id", msg("person.facility_id")};
    const bool is_known = clinic_.women().find(woman).has_value();
    auto events = codec::facts_of(*person, clinic_.today());
    if (auto days = check_specimens(events); !days) return std::move(days).error();
    Outcome outcome;
    outcome.is_nameless = !is_known && store::shown_name(person->who).empty();
    const auto known = is_known ? clinic_.load_history(woman) : std::nullopt;
    std::vector<Draft> drafts;
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto& [fact, uid] = events[i];
        if (i == 0) {
            if (fact.extras.named.empty()) fact.extras.named = person->extras;
            if (known) {
                const auto& who = std::get<Register>(fact.detail).who;
                const auto differs = differs_from_known(*known, who);
                if (!differs) return differs.error();
                outcome.differs = *differs;
            }
            if (!uid && is_known) {  // She is registered; only her events may be new.
                ++outcome.known;
                continue;
            }
            if (!uid) uid = id_from<EventTag>("egret-register-1", woman.to_string(), "");
        }
        if (!uid) {
            uid = id_from<EventTag>("egret-event-1", woman.to_string(),
                                    json::dump(codec::to_json(fact)));
        }
        if (std::holds_alternative<Stock>(fact.detail))
            return Error{ErrorCode::invalid_input, "type", msg("person.no_stock")}.within(
                path_of(i));
        if (auto checked = check_imported(fact, *person, clinic_.today()); !checked)
            return std::move(checked).error().within(path_of(i));
        if (!fact.at.source) {
            const bool is_here = fact.at.facility == clinic_.identity().code;
            fact.at.source = is_here ? Source::given_here : Source::imported;
        }
        const bool is_here =
            clinic_.log().find_entry(*uid).has_value() ||
            std::any_of(drafts.begin(), drafts.end(),
                        [&wanted = uid](const Draft& draft) { return draft.uid == wanted; });
        if (is_here) {
            ++outcome.known;
            if (counts_otherwise(known, *uid, fact)) outcome.dose_differs = true;
            continue;
        }
        const bool is_dose = std::holds_alternative<Dose>(fact.detail) && is_completed(fact);
        if (is_dose && !fact.at.date) outcome.has_undated_dose = true;
        drafts.push_back({woman, std::move(fact), uid});
    }
    outcome.facts = drafts.size();
    if (drafts.empty()) return outcome;
    auto appended = clinic_.append(caller, std::move(drafts), tx, {audit::Action::imported});
    if (!appended) return std::move(appended).error();
    return outcome;
}

Result<Imported> Exchange::import_persons(const Caller& caller, std::istream& in,
                                          Progress& progress) {
    if (!caller.may_record()) return Error{ErrorCode::forbidden, "", msg("caller.may_not_record")};
    if (const auto today = clinic_.recording_day(); !today) return today.error();
    Imported imported;
    auto tx = std::make_unique<sqlite::WriteTransaction>(clinic_.database());
    std::uint64_t number = 0;
    LineReader lines(in, limits::person_line_bytes_max);
    std::size_t odd_lines = 0;  // Before anything was taken.
    bool is_persons = false;
    while (const auto line = lines.next()) {
        number = line->number;
        const bool is_blank = line->text.find_first_not_of(" \t\r") == std::string::npos;
        if (is_blank && !line->is_too_long) continue;
        auto outcome = import_line(caller, line->text, *tx);
        if (!outcome) {
            odd_lines += is_no_json(outcome.error()) ? 1U : 0U;
            const bool is_hopeless = !is_text(line->text) || odd_lines == odd_lines_max;
            if (!is_persons && is_hopeless) return no_persons();
            imported.refused.push_back({number, std::move(outcome).error()});
        } else {
            is_persons = true;
            imported.persons += outcome->facts > 0 ? 1U : 0U;
            imported.facts += outcome->facts;
            imported.known += outcome->known;
            if (outcome->is_nameless) imported.nameless.push_back(number);
            if (outcome->differs) imported.differing.push_back(number);
            if (outcome->dose_differs) imported.differing_doses.push_back(number);
            if (outcome->has_undated_dose) imported.undated_doses.push_back(number);
        }
        if (number % lines_per_transaction == 0) {
            tx->commit();
            tx.reset();
            tx = std::make_unique<sqlite::WriteTransaction>(clinic_.database());
            progress.at(number, 0);
        }
    }
    tx->commit();
    return imported;
}

std::vector<WomanId> Exchange::everybody() {
    std::vector<WomanId> all;
    std::optional<WomanId> last;
    for (auto rows = clinic_.women().list(last, rows_at_once); !rows.empty();
         rows = clinic_.women().list(last, rows_at_once)) {
        for (const auto& row : rows) {
            if (row.registered_on) all.push_back(row.id);
        }
        last = rows.back().id;
    }
    return all;
}

Result<std::uint64_t> Exchange::export_persons(const Caller& caller,
                                               const std::vector<WomanId>& women, std::ostream& out,
                                               Progress& progress) {
    for (const auto& woman : women) {
        if (!clinic_.women().find(woman))
            return Error{ErrorCode::not_found, "women", msg("woman.unknown")};
    }
    const auto asked = women.empty() ? everybody() : women;
    // Before the first line leaves.
    clinic_.note(caller, {audit::Action::exported, audit::Shown::persons, asked});
    std::uint64_t written = 0;
    for (const auto& woman : asked) {
        if (!out) break;
        const auto history = clinic_.load_history(woman);
        if (!history || !history->registered_on) continue;
        out << codec::to_line(codec::person_of(*history)) << '\n';
        progress.at(++written, asked.size());
    }
    return written;
}

}  // namespace egret::service
