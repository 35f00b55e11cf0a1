#include "registry/store/search_terms.h"

#include "registry/base/text.h"
#include "registry/icu/fold.h"
#include "registry/icu/romanise.h"

#include <algorithm>
#include <set>

namespace egret::store {
namespace {

constexpr std::size_t term_characters_max = 32;
constexpr std::size_t last_digits_min = 3;
constexpr std::string_view china_prefix = "+86";

// Lines of a source of what she had before.
constexpr char former_name = 'N';
constexpr char former_phone = 'P';

bool is_dot_or_space(char32_t c) {
    return c == U' ' || c == U'\u00b7' || c == U'\u2022' || c == U'\u2027' || c == U'\u30fb';
}

/// Folded, without what parts names.
std::u32string compact(std::string_view text) {
    auto points = to_code_points(icu::fold(text));
    std::erase_if(points, is_dot_or_space);
    return points;
}

std::string cut(std::u32string_view points) {
    return to_utf8(points.substr(0, term_characters_max));
}

bool is_ascii_alnum(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z'); }

/// A number as it is searched: ASCII letters, small, and digits.
std::string plain_number(std::string_view text) {
    auto points = compact(text);
    std::erase_if(points, [](char32_t c) { return !is_ascii_alnum(c); });
    return to_utf8(points);
}

std::string backwards(std::string text) {
    std::reverse(text.begin(), text.end());
    return text;
}

class TermSet {
public:
    void add(TermKind kind, std::string_view text) {
        if (text.empty()) return;
        std::string term(1, static_cast<char>(kind));
        terms_.insert(term.append(text.substr(0, 4 * term_characters_max)));
    }

    void add_name(std::string_view name) {
        const auto points = compact(name);
        for (std::size_t at = 0; at < points.size(); ++at) {
            add(at == 0 ? TermKind::name : TermKind::inner_name,
                cut(std::u32string_view(points).substr(at)));
        }
        for (const auto& reading : icu::romanise(name)) add_reading(reading);
    }

    void add_number(std::string_view number) {
        const auto plain = plain_number(number);
        add(TermKind::number, plain);
        add(TermKind::backwards, backwards(plain));
    }

    void add_phone(std::string_view phone) {
        const auto digits = plain_number(phone);
        add(TermKind::phone, digits);
        add(TermKind::backwards, backwards(digits));
        if (phone.starts_with(china_prefix))
            add(TermKind::phone, std::string_view(digits).substr(china_prefix.size() - 1));
    }

    /// Whole, as it was read: capital and small letters may be two barcodes.
    void add_barcode(std::string_view barcode) { add(TermKind::barcode, barcode); }

    std::vector<std::string> take() const { return {terms_.begin(), terms_.end()}; }

private:
    void add_reading(const icu::Romanised& reading) {
        std::size_t word = 0;
        std::size_t at = 0;  // Of the word, in the joined form.
        for (const auto& letters : split(reading.spaced, ' ')) {
            add(word == 0 ? TermKind::reading : TermKind::inner_reading,
                std::string_view(reading.joined).substr(at, term_characters_max));
            add(word == 0 ? TermKind::initials : TermKind::inner_initials,
                std::string_view(reading.initials).substr(word, term_characters_max));
            at += letters.size();
            ++word;
        }
    }

    std::set<std::string> terms_;
};

/// "lü" as it is typed where there is no ü.
std::u32string with_v_for_umlaut(std::u32string text) {
    std::replace(text.begin(), text.end(), U'\u00fc', U'v');
    return text;
}

/// The names and phone numbers that she had before, each once, with the kind of its line.
std::set<std::pair<char, std::string>> former_of(const History& history) {
    std::set<std::pair<char, std::string>> former;
    const auto add = [&](const Demographics& said) {
        for (const auto& name : said.names) former.emplace(former_name, name.text);
        for (const auto& phone : said.phones) former.emplace(former_phone, phone);
    };
    for (const auto& live : history.facts) {
        if (const auto* registered = std::get_if<Register>(&live.fact.detail)) add(registered->who);
        if (const auto* change = std::get_if<DemographicsChange>(&live.fact.detail))
            add(change->who);
    }
    for (const auto& name : history.who.names) former.erase({former_name, name.text});
    for (const auto& phone : history.who.phones) former.erase({former_phone, phone});
    return former;
}

/// Of the specimens that were taken of her, each once.
std::set<std::string> barcodes_of(const History& history) {
    std::set<std::string> barcodes;
    for (const auto& live : history.facts) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        if (specimen && is_completed(live.fact) && !specimen->barcode.empty())
            barcodes.insert(specimen->barcode);
    }
    return barcodes;
}

bool is_found(const std::vector<std::string>& terms, const std::vector<Probe>& probes) {
    return std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
        return std::any_of(probes.begin(), probes.end(), [&](const Probe& probe) {
            return probe.is_exact ? term == probe.lowest() : term.starts_with(probe.lowest());
        });
    });
}

/// ASCII letters as capitals.
std::string capitals(std::string text) {
    for (auto& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

}  // namespace

std::string search_source(const History& history) {
    const auto& who = history.who;
    std::string source;
    const auto line = [&](char kind, std::string_view text) {
        source += kind;
        for (const char c : text) source += c == '\n' ? ' ' : c;
        source += '\n';
    };
    for (const auto& name : who.names) line('n', name.text);
    for (const auto& identifier : who.identifiers) line('i', identifier.value);
    for (const auto& phone : who.phones) line('p', phone);
    if (who.guardian && !who.guardian->name.empty()) line('n', who.guardian->name);
    if (who.guardian && !who.guardian->phone.empty()) line('p', who.guardian->phone);
    for (const auto& [kind, text] : former_of(history)) line(kind, text);
    for (const auto& barcode : barcodes_of(history)) line('s', barcode);
    return source;
}

std::vector<std::string> terms_of(std::string_view source) {
    TermSet terms;
    for (const auto line : split(source, '\n')) {
        if (line.empty()) continue;
        const auto text = line.substr(1);
        switch (line[0]) {
            case 'n':
            case former_name: terms.add_name(text); break;
            case 'i': terms.add_number(text); break;
            case 's': terms.add_barcode(text); break;
            case 'p':
            case former_phone: terms.add_phone(text); break;
            default: break;
        }
    }
    return terms.take();
}

std::optional<Former> find_former(std::string_view source, std::string_view typed) {
    std::string present;
    std::vector<std::string_view> former;
    for (const auto line : split(source, '\n')) {
        if (line.empty()) continue;
        if (line[0] == former_name || line[0] == former_phone)
            former.push_back(line);
        else
            present.append(line) += '\n';
    }
    if (former.empty()) return std::nullopt;
    const auto probes = probes_of(typed);
    if (is_found(terms_of(present), probes)) return std::nullopt;
    for (const auto line : former) {
        if (is_found(terms_of(line), probes))
            return Former{line[0] == former_name, std::string(line.substr(1))};
    }
    return std::nullopt;
}

std::string Probe::lowest() const { return static_cast<char>(kind) + text; }

std::vector<Probe> probes_of(std::string_view typed) {
    const auto name = compact(typed);
    if (name.empty()) return {};
    std::vector<Probe> probes;
    const auto number = plain_number(typed);
    const bool is_number =
        std::any_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) probes.push_back({TermKind::number, number, true});
    const auto barcode = std::string(trim(typed));
    probes.push_back({TermKind::barcode, barcode, true});
    // Typed by hand, a label's capitals are seldom typed.
    if (const auto capital = capitals(barcode); capital != barcode)
        probes.push_back({TermKind::barcode, capital, true});
    probes.push_back({TermKind::name, cut(name), true});
    if (is_number) {
        probes.push_back({TermKind::number, number});
        probes.push_back({TermKind::phone, number});
        if (number.size() >= last_digits_min)
            probes.push_back({TermKind::backwards, backwards(number)});
    }
    probes.push_back({TermKind::name, cut(name)});
    const auto keys = with_v_for_umlaut(name);
    if (std::all_of(keys.begin(), keys.end(), is_ascii_alnum)) {
        const auto text = cut(keys);
        for (const auto kind : {TermKind::reading, TermKind::initials, TermKind::inner_reading,
                                TermKind::inner_initials})
            probes.push_back({kind, text});
    }
    probes.push_back({TermKind::inner_name, cut(name)});
    // The letters that a card's number begins with.
    if (!is_number && !number.empty()) probes.push_back({TermKind::number, number});
    return probes;
}

}  // namespace egret::store
