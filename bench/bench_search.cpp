// How long it takes to find a woman by what is typed, beside one look-up of a prefix in an indexed
// table of the same women.

#include "bench/filled_clinic.h"
#include "bench/measure.h"
#include "bench/raw_sqlite.h"
#include "registry/base/text.h"
#include "registry/icu/romanise.h"
#include "registry/store/women.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace egret::bench {
namespace {

constexpr std::uint64_t women_usual = 50'000;
constexpr std::uint64_t women_full = 500'000;
constexpr int searches = 500;
constexpr int repetitions = 3;
constexpr std::size_t rows_max = 20;

enum class Way : std::uint8_t { name, pinyin, initials, number, phone };

constexpr std::array<std::string_view, 5> way_names = {
    "two characters of a name", "pinyin of a name", "initials", "ten digits of a number",
    "four last digits of a phone"};

/// What is indexed for that way of asking.
std::optional<std::string> term_of(Way way, const Demographics& who) {
    const auto name = store::shown_name(who);
    switch (way) {
        case Way::name: return name.empty() ? std::nullopt : std::optional(name);
        case Way::pinyin:
        case Way::initials: {
            const auto readings = icu::romanise(name);
            if (readings.empty()) return std::nullopt;
            return way == Way::pinyin ? readings.front().joined : readings.front().initials;
        }
        case Way::number:
            if (who.identifiers.empty()) return std::nullopt;
            return who.identifiers.front().value;
        case Way::phone:
            if (who.phones.empty()) return std::nullopt;
            return std::string(who.phones.front().rbegin(), who.phones.front().rend());
    }
    return std::nullopt;
}

/// As much of a term as somebody types.
std::string beginning_of(Way way, const std::string& term) {
    switch (way) {
        case Way::name: {
            const auto points = to_code_points(term);
            return to_utf8(std::u32string_view(points).substr(0, 2));
        }
        case Way::pinyin: return term.substr(0, std::max<std::size_t>(4, term.size() - 2));
        case Way::initials: return term;
        case Way::number: return term.substr(0, 10);
        case Way::phone: return term.substr(0, 4);
    }
    return term;
}

/// A table of terms, each with its woman, and a table of what is shown of her.
class PlainIndex {
public:
    PlainIndex(const std::string& path, const std::vector<FilledClinic::Woman>& women)
        : db_(path, {clinic_cache_kib, clinic_checkpoint_pages}),
          find_((make(db_, women), db_), find_sql) {}

    std::size_t find(Way way, const std::string& beginning) {
        const auto lowest = static_cast<char>('a' + static_cast<int>(way)) + beginning;
        const auto past = lowest + "\U0010ffff";
        find_.bind(1, std::string_view(lowest));
        find_.bind(2, std::string_view(past));
        std::size_t rows = 0;
        while (find_.next()) rows += static_cast<std::size_t>(!find_.text(0).empty());
        return rows;
    }

private:
    static constexpr auto find_sql = R"sql(
        SELECT w.name, w.birth, w.area FROM term t JOIN woman w ON w.ix = t.ix
         WHERE t.term >= ?1 AND t.term < ?2 ORDER BY t.term LIMIT 20
    )sql";

    static void make(RawDatabase& db, const std::vector<FilledClinic::Woman>& women) {
        db.execute("PRAGMA locking_mode = EXCLUSIVE");
        db.execute(R"sql(
            CREATE TABLE woman (ix INTEGER PRIMARY KEY, name TEXT, birth TEXT, area TEXT);
            CREATE TABLE term (term TEXT, ix INTEGER, PRIMARY KEY (term, ix)) WITHOUT ROWID;
            BEGIN;
        )sql");
        RawStatement woman_in(db, "INSERT INTO woman (name, birth, area) VALUES (?1, ?2, ?3)");
        RawStatement term_in(db, "INSERT INTO term (term, ix) VALUES (?1, ?2)");
        std::int64_t ix = 0;
        for (const auto& woman : women) {
            const auto name = store::shown_name(woman.who);
            const auto birth = woman.who.birth_date->to_string();
            woman_in.bind(1, std::string_view(name));
            woman_in.bind(2, std::string_view(birth));
            woman_in.bind(3, std::string_view("350203"));
            woman_in.run();
            ++ix;
            for (std::size_t way = 0; way < way_names.size(); ++way) {
                auto term = term_of(static_cast<Way>(way), woman.who);
                if (!term) continue;
                term->insert(term->begin(), static_cast<char>('a' + way));
                term_in.bind(1, std::string_view(*term));
                term_in.bind(2, ix);
                term_in.run();
            }
        }
        db.execute("COMMIT");
    }

    RawDatabase db_;
    RawStatement find_;
};

template <class Work>
double least_wall_seconds(Work work) {
    auto least = std::numeric_limits<double>::max();
    for (int i = 0; i < repetitions; ++i) {
        const auto before = wall_seconds();
        work();
        least = std::min(least, wall_seconds() - before);
    }
    return least;
}

void run(const Options& options) {
    const WorkFolder folder;
    const auto women = options.full ? women_full : women_usual;
    FilledClinic filled(folder.fresh("clinic"), women, 1);
    PlainIndex plain(folder.fresh("plain") + "/plain.db", filled.women());
    auto& search = filled.clinic().search();
    SeededRandom random(2);
    const Table table(options);
    const double goal_ms = options.full ? 3 : 1;
    for (std::size_t i = 0; i < way_names.size(); ++i) {
        const auto way = static_cast<Way>(i);
        Samples ours;
        Samples limit;
        while (ours.size() < searches) {
            const auto term = term_of(way, filled.women()[random.below(women)].who);
            if (!term) continue;
            const auto beginning = beginning_of(way, *term);
            const auto typed =
                way == Way::phone ? std::string(beginning.rbegin(), beginning.rend()) : beginning;
            ours.add(least_wall_seconds(
                [&] { require(!search.find(typed, rows_max).rows.empty(), "she was not found"); }));
            limit.add(least_wall_seconds(
                [&] { require(plain.find(way, beginning) > 0, "the limit found nobody"); }));
        }
        for (const auto part : {0.5, 0.95}) {
            Row row;
            row.name = part < 0.9 ? "find by " + std::string(way_names[i]) : "  95 of 100";
            row.ours = shown(ours.percentile(part) * 1e6, "us");
            row.limit = shown(limit.percentile(part) * 1e6, "us");
            row.ratio = ours.percentile(part) / limit.percentile(part);
            if (part > 0.9) {
                row.goal = options.full ? "<= 3 ms" : "<= 1 ms";
                row.verdict = judged(ours.percentile(part) <= goal_ms * 1e-3);
            }
            table.add(row);
        }
    }
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
