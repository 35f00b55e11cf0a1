#pragma once

#include "cli/world/screened_meaning.h"
#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/domain/fact.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What is true of a woman who is screened, kept beside what is written down of her: what each
/// finding asked for, and whether that was really done, or documented as not done, or neither.
namespace egret::world {

/// What was found or done at one visit, as it truly was.
struct Seen {
    Date day;
    std::vector<Detail> found;
    bool is_told = false;  // She says so, and nobody saw a paper.
    Date known{};          // The day on which the last of it was known.
};

enum class Fate : std::uint8_t { done, documented, open };

/// A finding that asks for something: a day, and the minute in which it was last said.
struct AskedBy {
    Date day;
    std::int64_t minute = 0;
    bool is_grave = false;
    bool is_in_vain = false;    // It was tried, and the result can't be used.
    Date known{};               // When its result was.
    bool is_suspected = false;  // A cancer is, and no tissue tells.
};

/// Something that was asked for.
struct Ask {
    Organ organ = Organ::cervix;
    Step step = Step::none;
    Date from;
    std::vector<Date> moved{};  // Days from which it counts anew.
    Date first{};               // Before that a test was too early, at first.
    bool is_seen = false;       // Not merely tested: looked at, cut out or treated.
    bool is_told = false;       // As she says.
    bool is_after_treatment = false;
    bool is_cut = false;          // Treated since, by what takes tissue.
    bool has_specimen = false;    // Of the treatment it is known what was cut out.
    bool is_short = false;        // A recheck within months, as a senior doctor decided.
    bool has_cancer = false;      // Proven: other treatments do nothing for it.
    bool is_proven = false;       // Tissue told what it is.
    Date treated{};               // Of a recheck after treatment.
    bool is_unexplained = false;  // Cancer was suspected, and not seen in a look.
    bool is_triage = false;       // Of cells, after a positive test for the virus.
    std::vector<AskedBy> by;
    std::optional<Date> ended;             // Done, or something more urgent took its place.
    std::optional<std::size_t> successor;  // That other ask.

    /// By what was found up to that day.
    bool is_grave(Date on) const;
    std::int64_t said(Date on) const;
    /// The day from which it counts.
    Date counts_from(Date on) const;
    /// That day, or the one on which it was tried last in vain, or on which what asked was known.
    Date tried(Date on) const;
    /// When it was known that cancer is suspected.
    std::optional<Date> suspected(Date on) const;
};

/// A positive result, for one organ.
struct Positive {
    EventUid result{};
    Organ organ = Organ::cervix;
    Date day;
    std::size_t ask = 0;  // Which stood for it from then on.
    bool is_told = false;
    std::optional<Date> informed{};  // When she was told.
    Date known{};                    // When the result was.
};

/// Somebody wrote down why something is not done.
struct Document {
    Date day;
    std::int64_t minute = 0;
    std::uint8_t person = 0;
    std::optional<ScreenedSite> site;  // Of both, if absent.
    std::optional<std::size_t> ask;    // Of all that was open, if absent.
    ClosingReason reason = ClosingReason::other;
    std::optional<std::size_t> agrees_to;  // Another document.
    bool is_death = false;
};

/// A positive result that was taken back, and should be looked at by a second person.
struct TakenBack {
    WomanId woman;
    ScreenedSite site = ScreenedSite::cervix;
    Date day;
    std::optional<Date> agreed;  // By another person.
};

/// Something was sent away, and an answer is awaited.
struct Awaited {
    EventUid fact{};
    Date day;
    std::optional<Date> answered;
};

class Truth {
public:
    /// Takes in what was seen at a visit, which lies after all others of these organs. `uids` are
    /// those of its facts; `said`: the minute in which they were last said.
    void see(const Seen& seen, const std::vector<EventUid>& uids, std::int64_t said);
    /// The ask of that organ which stands, the furthest of them, if any.
    std::optional<std::size_t> standing(Organ organ) const;

    Fate fate_of(std::size_t ask, Date on) const;
    /// The ask that stands in its place on that day: itself, or what took its place.
    std::size_t heir_of(std::size_t ask, Date on) const;
    bool is_alive(Date on) const { return !died_on || on < *died_on; }

    std::vector<Ask> asks;
    std::vector<Positive> positives;
    std::vector<Document> documents;
    std::vector<TakenBack> taken_back;
    std::vector<Awaited> awaited;
    std::vector<EventUid> unusable;  // Results that say nothing.
    std::vector<Date> encounters;    // Days on which she was at a clinic.
    std::optional<Date> died_on;
    std::optional<Date> moved_away;  // Out of the programme's area.
    std::optional<Date> without_cervix;
    std::optional<Date> without_breasts;
    std::string owner;  // The facility that cares for her in the end.

    std::optional<Date> inexact_day;  // Of something known to the month only, whose last day it is.

    struct PutOff {
        ScreenedSite site = ScreenedSite::cervix;
        Date from;
        Date until;
    };

    std::vector<PutOff> put_off;

    /// Nothing was asked for after that visit; the next routine test is due from `until` on.
    struct Routine {
        Organ organ = Organ::cervix;
        Date day;
        Date until;
    };

    std::vector<Routine> routine;
    std::optional<Date> ceased;  // For the cervix, by two persons.

private:
    /// What was done at a visit: a triage, or what a grave result had asked for.
    struct Done {
        bool is_triage = false;
        bool is_grave = false;
        bool is_unexplained = false;  // A look found no reason for what suspected cancer.
    };

    std::vector<std::size_t> all_standing(Organ organ) const;  // But looks.
    bool is_of_specimen(Organ organ, const Seen& seen,
                        const std::vector<const Detail*>& found) const;
    void note_images(const Seen& seen);
    void note_reviewed(const Seen& seen);
    bool is_of_other_breast(const Detail& found, Organ organ) const;
    void note_specimen(Organ organ, const std::vector<const Detail*>& found);
    Done end_done(Organ organ, const Seen& seen, const std::vector<const Detail*>& found,
                  const Meaning& meaning);
    std::optional<std::size_t> ask_for(Organ organ, const Seen& seen,
                                       const std::vector<const Detail*>& found,
                                       const Meaning& meaning, bool is_grave);
    void look_again(Organ organ, const Seen& seen, const std::vector<const Detail*>& found);
    void leave_open(Organ organ, const Seen& seen, std::int64_t said, bool is_unexplained);
    void note_routine(Organ organ, const Seen& seen, const std::vector<const Detail*>& found);
    static bool is_done_by(const Ask& ask, const Seen& seen,
                           const std::vector<const Detail*>& found, const Meaning& meaning);
    std::optional<bool> left_image_;  // Whether the last one was abnormal.
    std::optional<bool> right_image_;
    std::vector<Organ> reviewed_;  // For which a review is owed at the visit.
    bool is_to_ask_again(const Document& document, Date day, Date on) const;
    Fate fate_by_documents(const Ask& ask, std::size_t index, Date on) const;
    bool applies(const Document& document, const Ask& ask, std::size_t index, Date on) const;
    void see_organ(Organ organ, const Seen& seen, const std::vector<EventUid>& uids,
                   std::int64_t said);
};

}  // namespace egret::world
