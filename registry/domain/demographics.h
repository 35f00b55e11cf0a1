#pragma once

#include "registry/domain/logged.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

/// Who a woman is, put together from all that was said of it, field by field.
namespace egret {

/// The members of Demographics, by their numbers in the log (registry/codec/fact_fields.h).
enum class WhoField : std::uint8_t {
    names = 16,
    birth_date,
    sex,
    identifiers,
    phones,
    address,
    area,
    household_area,
    household_kind,
    income_category,
    school,
    school_class,
    guardian,
    language,
    resident,
    school_area,
};

template <>
struct CodeList<WhoField> {
    static constexpr std::string_view name = "who_field";
    static constexpr auto entries = std::to_array<CodeEntry<WhoField>>({
        {WhoField::names, "names"},
        {WhoField::birth_date, "birth_date"},
        {WhoField::sex, "sex"},
        {WhoField::identifiers, "identifiers"},
        {WhoField::phones, "phones"},
        {WhoField::address, "address"},
        {WhoField::area, "area"},
        {WhoField::household_area, "household_area"},
        {WhoField::household_kind, "household_kind"},
        {WhoField::income_category, "income_category"},
        {WhoField::school, "school"},
        {WhoField::school_class, "school_class"},
        {WhoField::guardian, "guardian"},
        {WhoField::language, "language"},
        {WhoField::resident, "resident"},
        {WhoField::school_area, "school_area"},
    });
};

/// By these she is found and told from others, and her rules are chosen: where two people said it
/// differently, neither knowing of the other, a person has to decide.
constexpr bool is_critical(WhoField field) {
    return field == WhoField::names || field == WhoField::birth_date || field == WhoField::sex ||
           field == WhoField::identifiers;
}

/// What a fact says of who she is; null, if it is about something else.
const Demographics* said_of_her(const Fact& fact);

/// The fields of which something is said.
std::vector<WhoField> fields_said(const Demographics& who);

/// That the two say the same of that field: lists in any order, an absent member too.
bool says_same(WhoField field, const Demographics& one, const Demographics& other);

/// Which of the facts about who she is, and of the corrections, were made by somebody who had seen
/// which others: those that it names as replaced, those that its device's log had of the same woman
/// before it, and what had been seen for these. A fact that was voided tells as much as another.
/// Nobody names what doesn't exist yet: where facts name each other in circles, nothing that is
/// named is believed, and the logs alone tell.
class Sightings {
public:
    /// `events`: in any order, each uid once.
    explicit Sightings(const std::vector<LoggedEvent>& events);

    bool has_seen(const EventUid& later, const EventUid& earlier) const;

    /// Those of the uids that none of the others has seen; at least one, if there are any.
    std::vector<EventUid> unseen(const std::vector<EventUid>& uids) const;

private:
    struct Node {
        std::size_t chain = 0;            // Of one device and one subject.
        std::uint32_t place = 0;          // In its chain, from 1.
        std::vector<std::size_t> named;   // And the one before it.
        std::vector<std::uint32_t> knew;  // Up to which place of each chain.
    };

    void add_nodes(const std::vector<LoggedEvent>& events);
    bool look_around();
    const Node* find(const EventUid& uid) const;

    std::vector<Node> nodes_;
    std::unordered_map<EventUid, std::size_t> nodes_by_uid_;
    std::size_t chains_ = 0;
};

/// One fact that says one field.
struct SaidField {
    WhoField field = WhoField::names;
    EventUid uid;  // Of the fact, which is one of her live facts.
    UserId author;
    std::string clinic;
    Order order;
    std::vector<EventUid> replaced;  // What its maker saw there, and said otherwise or anew.
    bool stands = false;             // Nobody who had seen it said the field anew.
    bool is_shown = false;           // It is what Demographics holds.

    friend bool operator==(const SaidField&, const SaidField&) = default;
};

/// Of what stands, that which is replaced by saying `news`: the last in order first, and no more
/// than a fact can name.
std::vector<EventUid> replaced_by(const Demographics& news, const std::vector<SaidField>& said);

struct MergedWho {
    Demographics who;
    std::vector<SaidField> said;     // By field, then by order.
    std::vector<WhoField> disputed;  // Critical ones, of which values that differ stand.
};

/// Of each field the values stand which nobody replaced who had seen them, whatever the clocks say.
/// Of those that stand, the last in order is shown. What is said of the home area holds from its
/// day: there the latest day is shown. A school's area is shown if it was said of the school shown.
///
/// `facts`: those that hold, by order. `events`: all, by order, each uid once. `before`: who she
/// was, if nothing of what is known now says it.
MergedWho merge_who(const std::vector<LiveFact>& facts, const std::vector<LoggedEvent>& events,
                    Demographics before);

}  // namespace egret
