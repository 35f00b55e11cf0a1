#include "registry/domain/entry_check.h"

#include "registry/domain/area.h"
#include "registry/domain/check.h"
#include "registry/domain/lots.h"
#include "registry/domain/plain_text.h"

#include <algorithm>
#include <vector>

namespace egret {
namespace {

/// Takes texts one by one and keeps what is wrong with the first that can't be read.
class TextsCheck {
public:
    void add(const std::string& text, const std::string& field, Lines lines = Lines::one) {
        if (!outcome_) return;
        auto plain = check_plain_text(text, lines);
        if (!plain) outcome_ = std::move(plain).error().within(field);
    }

    void add(const Demographics& who) {
        for (std::size_t i = 0; i < who.names.size(); ++i)
            add(who.names[i].text, "names[" + std::to_string(i) + "].text");
        add(who.address, "address");
        add(who.school, "school");
        add(who.school_class, "school_class");
        if (!who.guardian) return;
        add(who.guardian->name, "guardian.name");
        add(who.guardian->relation, "guardian.relation");
    }

    Result<Done> outcome() && { return std::move(outcome_); }

private:
    Result<Done> outcome_ = Done{};
};

/// One overload for each kind of fact with texts of its own. Codes are held to their form by check.
struct DetailTexts {
    TextsCheck& texts;

    void operator()(const Register& detail) const { texts.add(detail.who); }

    void operator()(const DemographicsChange& detail) const { texts.add(detail.who); }

    void operator()(const Consent& detail) const {
        texts.add(detail.guardian_name, "guardian_name");
        texts.add(detail.guardian_relation, "guardian_relation");
        texts.add(detail.round, "round");
    }

    void operator()(const Transfer& detail) const { texts.add(detail.reason, "reason"); }

    void operator()(const Dose& detail) const {
        texts.add(detail.lot, "lot");
        texts.add(detail.round, "round");
    }

    void operator()(const DoseNotGiven& detail) const { texts.add(detail.round, "round"); }

    void operator()(const AdverseEvent& detail) const {
        texts.add(detail.diagnosis, "diagnosis");
        texts.add(detail.medical_history, "medical_history", Lines::many);
        texts.add(detail.narrative, "narrative", Lines::many);
        texts.add(detail.other_vaccines, "other_vaccines");
        texts.add(detail.diluent_lot, "diluent_lot");
        texts.add(detail.case_number, "case_number");
        if (!detail.reporter) return;
        texts.add(detail.reporter->name, "reporter.name");
        texts.add(detail.reporter->role, "reporter.role");
        texts.add(detail.reporter->institution, "reporter.institution");
        texts.add(detail.reporter->email, "reporter.email");
    }

    void operator()(const Stock& detail) const {
        texts.add(detail.lot, "lot");
        for (std::size_t i = 0; i < detail.lots.size(); ++i)
            texts.add(detail.lots[i], "lots[" + std::to_string(i) + "]");
    }

    void operator()(const HpvTest& detail) const { texts.add(detail.kit, "kit"); }

    void operator()(const Colposcopy& detail) const { texts.add(detail.indication, "indication"); }

    void operator()(const SeniorReview& detail) const { texts.add(detail.reviewer, "reviewer"); }

    void operator()(const Contact& detail) const { texts.add(detail.action, "action"); }

    void operator()(const Referral& detail) const {
        texts.add(detail.action, "action");
        texts.add(detail.reason, "reason");
    }

    void operator()(const Closing& detail) const { texts.add(detail.action, "action"); }

    void operator()(const Link& detail) const { texts.add(detail.evidence, "because"); }

    template <class Other>
    void operator()(const Other&) const {}
};

template <class Item>
Result<Done> check_once_each(const std::vector<Item>& items, const char* field) {
    for (auto item = items.begin(); item != items.end(); ++item) {
        if (std::find(item + 1, items.end(), *item) != items.end())
            return Error{ErrorCode::invalid_input, field, msg("fact.repeated")};
    }
    return Done{};
}

Result<Done> check_home(const std::string& area, const char* field) {
    if (area.empty()) return Done{};
    if (auto known = AreaCode::parse_known(area); !known)
        return std::move(known).error().within(field);
    return Done{};
}

Result<Done> check_homes(const Demographics& who) {
    if (auto home = check_home(who.area, "area"); !home) return home;
    if (auto home = check_home(who.household_area, "household_area"); !home) return home;
    return check_home(who.school_area, "school_area");
}

Error senseless(const char* field, Message message) {
    return {ErrorCode::invalid_input, field, std::move(message)};
}

bool has(const Cytology& cytology, CytologyResult result) {
    return std::find(cytology.results.begin(), cytology.results.end(), result) !=
           cytology.results.end();
}

/// Each site has its own kind of stage.
Result<Done> check_staging(const Diagnosis& diagnosis) {
    if (!diagnosis.site) return Done{};
    const bool is_of_breast = is_breast(*diagnosis.site);
    if (is_of_breast && diagnosis.figo) return senseless("figo", msg("diagnosis.figo_of_breast"));
    if (is_of_breast) return Done{};
    const std::pair<const char*, bool> of_breast[] = {{"t", !diagnosis.t.empty()},
                                                      {"n", !diagnosis.n.empty()},
                                                      {"m", !diagnosis.m.empty()},
                                                      {"stage", diagnosis.stage.has_value()}};
    for (const auto& [field, is_there] : of_breast) {
        if (is_there) return senseless(field, msg("diagnosis.tnm_of_breast"));
    }
    return Done{};
}

struct SenseCheck {
    const Circumstances& at;

    Result<Done> operator()(const Register& detail) const { return check_homes(detail.who); }

    Result<Done> operator()(const DemographicsChange& detail) const {
        return check_homes(detail.who);
    }

    Result<Done> operator()(const HpvTest& detail) const {
        if (detail.result == HpvResult::negative && !detail.types.empty())
            return senseless("types", msg("hpv_test.negative_with_types"));
        return check_once_each(detail.types, "types");
    }

    Result<Done> operator()(const Cytology& detail) const {
        if (auto once = check_once_each(detail.results, "results"); !once) return once;
        // That the transformation zone is absent, too, is no finding.
        const std::size_t adequacy = has(detail, CytologyResult::no_tz) ? 2 : 1;
        if (has(detail, CytologyResult::unsat) && detail.results.size() > adequacy)
            return senseless("results", msg("cytology.unsat_with_diagnosis"));
        return Done{};
    }

    Result<Done> operator()(const Histology& detail) const {
        return check_once_each(detail.results, "results");
    }

    Result<Done> operator()(const AdverseEvent& detail) const {
        if (auto once = check_once_each(detail.doses, "doses"); !once) return once;
        if (auto once = check_once_each(detail.manifestations, "manifestations"); !once)
            return once;
        return check_once_each(detail.seriousness, "seriousness");
    }

    Result<Done> operator()(const Specimen& detail) const {
        return check_once_each(detail.tests, "tests");
    }

    Result<Done> operator()(const BreastExam& detail) const {
        const bool is_found =
            detail.left == ExamResult::abnormal || detail.right == ExamResult::abnormal;
        if (detail.result == ExamResult::normal && is_found)
            return senseless("result", msg("breast_exam.side_contradicts"));
        return Done{};
    }

    Result<Done> operator()(const Treatment& detail) const {
        if (detail.postponed_until && at.status == EventStatus::completed)
            return senseless("status", msg("treatment.postponed_and_done"));
        return Done{};
    }

    Result<Done> operator()(const Diagnosis& detail) const { return check_staging(detail); }

    Result<Done> operator()(const Informed& detail) const {
        return check_once_each(detail.about, "about");
    }

    Result<Done> operator()(const Ceasing& detail) const {
        if (detail.site == ScreenedSite::breast && detail.reason == CeasingReason::no_cervix)
            return senseless("reason", msg("ceasing.no_cervix_of_breast"));
        if (detail.step == CeasingStep::proposed && !detail.reason)
            return senseless("reason", msg("fact.missing"));
        if (detail.step == CeasingStep::proposed && !detail.about.is_nil())
            return senseless("about", msg("ceasing.proposal_about"));
        if (detail.step != CeasingStep::proposed && detail.about.is_nil())
            return senseless("about", msg("ceasing.about_missing"));
        return Done{};
    }

    Result<Done> operator()(const Closing& detail) const {
        if (!detail.reason) return Done{};
        if (detail.action.empty() && is_of_action_only(*detail.reason))
            return senseless("action", msg("closing.action_missing"));
        if (detail.action.empty() && !detail.site)
            return senseless("site", msg("closing.site_missing"));
        return Done{};
    }

    Result<Done> operator()(const Erase&) const {
        return senseless("type", msg("erase.centre_only"));
    }

    Result<Done> operator()(const Stock& detail) const {
        std::vector<std::string> keys;
        for (const auto& lot : detail.lots) keys.push_back(lot_key(lot));
        return check_once_each(keys, "lots");
    }

    template <class Other>
    Result<Done> operator()(const Other&) const {
        return Done{};
    }
};

/// Lines as they end on other machines.
void to_line_feeds(std::string& text) {
    for (auto at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at))
        text.erase(at, 1);
}

}  // namespace

Result<Done> check_texts(const Fact& fact) {
    TextsCheck texts;
    texts.add(fact.at.note, "note", Lines::many);
    texts.add(fact.at.because, "because");
    std::visit(DetailTexts{texts}, fact.detail);
    return std::move(texts).outcome();
}

Result<Done> check_entry(Fact& fact) {
    to_line_feeds(fact.at.note);
    if (auto* event = std::get_if<AdverseEvent>(&fact.detail)) {
        to_line_feeds(event->medical_history);
        to_line_feeds(event->narrative);
    }
    if (auto texts = check_texts(fact); !texts) return texts;
    // What is planned for later was not done yet.
    const auto* treatment = std::get_if<Treatment>(&fact.detail);
    if (treatment && treatment->postponed_until && !fact.at.status)
        fact.at.status = EventStatus::not_done;
    if (auto sense = std::visit(SenseCheck{fact.at}, fact.detail); !sense) return sense;
    return check(fact);
}

}  // namespace egret
