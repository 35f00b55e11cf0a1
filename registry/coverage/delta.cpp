#include "registry/coverage/delta.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

namespace egret::coverage {
namespace {

constexpr std::uint8_t contribution_version = 1;

bool is_same_place(const Delta& a, const Delta& b) {
    return a.part == b.part && a.key == b.key && a.day == b.day;
}

void put_number(Bytes& out, std::uint64_t number) {
    while (number >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(number | 0x80));
        number >>= 7;
    }
    out.push_back(static_cast<std::uint8_t>(number));
}

void put_signed(Bytes& out, std::int64_t number) {
    const auto doubled = static_cast<std::uint64_t>(number) << 1;
    put_number(out, number < 0 ? ~doubled : doubled);
}

void put_text(Bytes& out, std::string_view text) {
    put_number(out, text.size());
    append(out, bytes_of(text));
}

/// Reads what the three above wrote; after the first failure everything fails.
class ContributionReader {
public:
    explicit ContributionReader(ByteView bytes) : rest_(bytes) {}

    std::optional<std::uint64_t> number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
            const auto byte = rest_.front();
            rest_ = rest_.subspan(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        return fail();
    }

    std::optional<int> signed_number() {
        const auto doubled = number();
        if (!doubled || *doubled > std::numeric_limits<std::uint32_t>::max()) return fail();
        const auto half = static_cast<std::int64_t>(*doubled >> 1);
        return static_cast<int>((*doubled & 1) != 0 ? ~half : half);
    }

    std::optional<std::string> text() {
        const auto size = number();
        if (!size || *size > rest_.size()) return fail();
        std::string text(text_of(rest_.first(*size)));
        rest_ = rest_.subspan(*size);
        return text;
    }

    bool at_end() const { return rest_.empty(); }

private:
    std::nullopt_t fail() {
        rest_ = {};
        return std::nullopt;
    }

    ByteView rest_;
};

std::optional<Key> read_key(ContributionReader& reader) {
    auto area = reader.text();
    auto facility = reader.text();
    const auto birth_month = reader.number();
    if (!area || !facility || !birth_month ||
        *birth_month > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
        return std::nullopt;
    return Key{*std::move(area), *std::move(facility), static_cast<int>(*birth_month)};
}

std::optional<Contribution> read_contribution(ByteView bytes) {
    ContributionReader reader(bytes);
    if (reader.number() != contribution_version) return std::nullopt;
    const auto key_count = reader.number();
    if (!key_count) return std::nullopt;
    std::vector<Key> keys;
    for (std::uint64_t i = 0; i < *key_count; ++i) {
        auto key = read_key(reader);
        if (!key) return std::nullopt;
        keys.push_back(*std::move(key));
    }
    const auto delta_count = reader.number();
    if (!delta_count) return std::nullopt;
    Contribution contribution;
    for (std::uint64_t i = 0; i < *delta_count; ++i) {
        const auto key = reader.number();
        const auto part = reader.number();
        const auto day = reader.signed_number();
        const auto amount = reader.signed_number();
        if (!key || !part || !day || !amount || *key >= keys.size() ||
            *part > static_cast<std::uint64_t>(time_part(time_days_max)))
            return std::nullopt;
        contribution.push_back(
            {static_cast<Part>(*part), keys[*key], Date::from_days(*day), *amount});
    }
    if (!reader.at_end()) return std::nullopt;
    return contribution;
}

}  // namespace

int birth_month_of(const PartialDate& birth) {
    const bool has_month = birth.precision() != PartialDate::Precision::year;
    const auto month = has_month ? static_cast<unsigned>(birth.earliest().ymd().month()) : 0U;
    return birth.year() * 13 + static_cast<int>(month);
}

Contribution normalise(Contribution contribution) {
    std::sort(contribution.begin(), contribution.end());
    Contribution sums;
    for (auto& delta : contribution) {
        if (!sums.empty() && is_same_place(sums.back(), delta)) {
            sums.back().amount += delta.amount;
        } else {
            if (!sums.empty() && sums.back().amount == 0) sums.pop_back();
            sums.push_back(std::move(delta));
        }
    }
    if (!sums.empty() && sums.back().amount == 0) sums.pop_back();
    return sums;
}

Contribution difference(const Contribution& now, const Contribution& before) {
    auto both = now;
    both.reserve(now.size() + before.size());
    for (const auto& delta : before) {
        both.push_back(delta);
        both.back().amount = -delta.amount;
    }
    return normalise(std::move(both));
}

Bytes encode_contribution(const Contribution& normalised) {
    Bytes out;
    if (normalised.empty()) return out;
    std::map<Key, std::uint64_t> numbers;
    for (const auto& delta : normalised) numbers.emplace(delta.key, 0);
    put_number(out, contribution_version);
    put_number(out, numbers.size());
    std::uint64_t next = 0;
    for (auto& [key, number] : numbers) {
        number = next++;
        put_text(out, key.area);
        put_text(out, key.facility);
        put_number(out, static_cast<std::uint64_t>(key.birth_month));
    }
    put_number(out, normalised.size());
    for (const auto& delta : normalised) {
        put_number(out, numbers.at(delta.key));
        put_number(out, static_cast<std::uint64_t>(delta.part));
        put_signed(out, delta.day.days());
        put_signed(out, delta.amount);
    }
    return out;
}

Result<Contribution> decode_contribution(ByteView bytes) {
    if (bytes.empty()) return Contribution{};
    auto contribution = read_contribution(bytes);
    // There is one way to write it: anything else is damage, even if it can be read.
    if (!contribution || normalise(*contribution) != *contribution ||
        encode_contribution(*contribution) != copy_of(bytes))
        return Error{ErrorCode::invalid_input, "", msg("coverage.contribution_damaged")};
    return *std::move(contribution);
}

}  // namespace egret::coverage
