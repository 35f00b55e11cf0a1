#include "registry/domain/check.h"

#include "registry/base/limits.h"
#include "registry/domain/area.h"
#include "registry/domain/flag_code.h"
#include "registry/domain/identity_number.h"
#include "registry/domain/phone.h"
#include "registry/domain/stock_check.h"
#include "registry/domain/tnm.h"

#include <algorithm>

namespace egret {
namespace {

Error wrong(std::string field, Message message) {
    return {ErrorCode::invalid_input, std::move(field), std::move(message)};
}

Result<Done> check_area(std::string& area, const char* field) {
    if (area.empty()) return Done{};
    auto parsed = AreaCode::parse(area);
    if (!parsed) return std::move(parsed).error().within(field);
    area = parsed->text();
    return Done{};
}

Result<Done> check_phone(std::string& phone, const std::string& field) {
    if (phone.empty()) return Done{};
    auto parsed = parse_phone(phone);
    if (!parsed) return std::move(parsed).error().within(field);
    phone = *std::move(parsed);
    return Done{};
}

Result<Done> check_names(const std::vector<PersonName>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].text.size() > limits::name_bytes_max) {
            return wrong("names[" + std::to_string(i) + "].text",
                         msg("name.too_long", {{"limit", std::to_string(limits::name_bytes_max)}}));
        }
    }
    return Done{};
}

Result<Done> check_who(Demographics& who) {
    if (auto names = check_names(who.names); !names) return names;
    for (std::size_t i = 0; i < who.identifiers.size(); ++i) {
        auto& identifier = who.identifiers[i];
        auto parsed = IdentityNumber::parse(identifier.kind, identifier.value);
        if (!parsed) {
            return std::move(parsed).error().within("identifiers[" + std::to_string(i) + "].value");
        }
        identifier.value = parsed->text();
    }
    for (std::size_t i = 0; i < who.phones.size(); ++i) {
        auto phone = check_phone(who.phones[i], "phones[" + std::to_string(i) + "]");
        if (!phone) return phone;
    }
    if (who.guardian) {
        auto phone = check_phone(who.guardian->phone, "guardian.phone");
        if (!phone) return phone;
    }
    if (auto area = check_area(who.area, "area"); !area) return area;
    if (auto area = check_area(who.household_area, "household_area"); !area) return area;
    return check_area(who.school_area, "school_area");
}

Result<Done> check_code(const std::string& code, const char* field) {
    if (code.empty() || is_prefixed_code(code)) return Done{};
    return wrong(field, msg("code.needs_prefix"));
}

Result<Done> check_reason_code(const std::string& reason) {
    const bool is_code =
        reason.size() <= 40 &&
        std::all_of(reason.begin(), reason.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return is_code ? Result<Done>(Done{}) : wrong("reason", msg("code.result_code"));
}

Result<Done> check_range(const std::optional<std::int64_t>& number, std::int64_t last,
                         const char* field, Message message, std::int64_t first = 1) {
    if (!number || (*number >= first && *number <= last)) return Done{};
    return wrong(field, std::move(message));
}

/// Puts "0.50" into its one form, "0.5". Up to 99.99 millilitres.
Result<Done> check_volume(std::string& volume) {
    if (volume.empty()) return Done{};
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto point = std::min(volume.find('.'), volume.size());
    const auto whole = std::string_view(volume).substr(0, point);
    const auto fraction = std::string_view(volume).substr(std::min(point + 1, volume.size()));
    const bool is_number = !whole.empty() && whole.size() <= 2 && fraction.size() <= 2 &&
                           (point == volume.size() || !fraction.empty()) &&
                           std::all_of(whole.begin(), whole.end(), is_digit) &&
                           std::all_of(fraction.begin(), fraction.end(), is_digit);
    if (!is_number || volume.find_first_not_of("0.") == std::string::npos)
        return wrong("volume_ml", msg("dose.volume"));
    if (point < volume.size()) {
        volume.erase(volume.find_last_not_of('0') + 1);
        if (volume.back() == '.') volume.pop_back();
    }
    return Done{};
}

/// "HH:MM" of a day with 24 hours.
Result<Done> check_time(const std::string& time, const char* field) {
    if (time.empty()) return Done{};
    const auto is_digit = [&](std::size_t at) { return time[at] >= '0' && time[at] <= '9'; };
    const bool is_time = time.size() == 5 && time[2] == ':' && is_digit(0) && is_digit(1) &&
                         is_digit(3) && is_digit(4) && time.substr(0, 2) < "24" && time[3] < '6';
    return is_time ? Result<Done>(Done{}) : wrong(field, msg("time.shape"));
}

Result<Done> check_reporter(Reporter& reporter) {
    if (auto phone = check_phone(reporter.phone, "reporter.phone"); !phone) return phone;
    const auto at = reporter.email.find('@');
    const bool is_address = at != std::string::npos && at > 0 && at + 1 < reporter.email.size() &&
                            reporter.email.find(' ') == std::string::npos;
    if (!reporter.email.empty() && !is_address) return wrong("reporter.email", msg("email.shape"));
    return Done{};
}

/// What a label printer puts under the bars.
Result<Done> check_barcode(const std::string& barcode, const char* field) {
    const bool is_code =
        barcode.size() <= 64 &&
        std::all_of(barcode.begin(), barcode.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return is_code ? Result<Done>(Done{}) : wrong(field, msg("specimen.barcode"));
}

Result<Done> check_facility(const std::string& facility, const char* field) {
    if (facility.empty() || is_facility_code(facility)) return Done{};
    return wrong(field, msg("facility.shape"));
}

template <class Examined>
Result<Done> check_examined(const Examined& result) {
    if (auto barcode = check_barcode(result.specimen, "specimen"); !barcode) return barcode;
    return check_facility(result.laboratory, "laboratory");
}

/// True, if the day lies before all that the date can mean.
bool is_before(const std::optional<Date>& day, const std::optional<PartialDate>& date) {
    return day && date && *day < date->earliest();
}

Result<Done> check_tnm(TnmPart part, std::string& category, const char* field, Message message) {
    if (category.empty()) return Done{};
    auto form = tnm_form(part, category);
    if (!form) return wrong(field, std::move(message));
    category = *std::move(form);
    return Done{};
}

Result<Done> check_stage(Diagnosis& diagnosis) {
    if (auto t = check_tnm(TnmPart::t, diagnosis.t, "t", msg("diagnosis.t")); !t) return t;
    if (auto n = check_tnm(TnmPart::n, diagnosis.n, "n", msg("diagnosis.n")); !n) return n;
    return check_tnm(TnmPart::m, diagnosis.m, "m", msg("diagnosis.m"));
}

std::string all_flag_codes() {
    std::string all;
    for (const auto code : flag_codes()) all.append(all.empty() ? "" : ", ").append(code);
    return all;
}

constexpr std::int64_t dose_number_max = 9;
constexpr std::int64_t vvm_stage_max = 4;
constexpr std::int64_t biopsies_max = 30;
constexpr std::int64_t swede_max = 10;
constexpr std::int64_t hospital_level_max = 3;

/// One overload for each kind of fact that has something to check.
struct DetailCheck {
    const Circumstances& at;

    Result<Done> operator()(Register& detail) const { return check_who(detail.who); }

    Result<Done> operator()(DemographicsChange& detail) const { return check_who(detail.who); }

    Result<Done> operator()(Flag& detail) const {
        if (!is_flag_code(detail.code))
            return wrong("code", msg("flag.unknown", {{"all", all_flag_codes()}}));
        if (detail.from && detail.to && detail.to->latest() < detail.from->earliest())
            return wrong("to", msg("date.before_from"));
        return Done{};
    }

    Result<Done> operator()(Transfer& detail) const {
        if (!is_facility_code(detail.to_facility))
            return wrong("to_facility", msg("facility.shape"));
        return Done{};
    }

    Result<Done> operator()(Death& detail) const { return check_code(detail.cause, "cause"); }

    Result<Done> operator()(Dose& detail) const {
        if (detail.product.empty() && at.status != EventStatus::not_done)
            return wrong("product", msg("fact.missing"));
        if (auto product = check_code(detail.product, "product"); !product) return product;
        auto number =
            check_range(detail.dose_number, dose_number_max, "dose_number", msg("dose.number"));
        if (!number) return number;
        auto stage = check_range(detail.vvm_stage, vvm_stage_max, "vvm_stage", msg("dose.vvm"));
        if (!stage) return stage;
        return check_volume(detail.volume_ml);
    }

    Result<Done> operator()(DoseNotGiven& detail) const {
        if (auto product = check_code(detail.product, "product"); !product) return product;
        return check_range(detail.dose_number, dose_number_max, "dose_number", msg("dose.number"));
    }

    Result<Done> operator()(AdverseEvent& detail) const {
        if (auto time = check_time(detail.onset_time, "onset_time"); !time) return time;
        if (auto time = check_time(detail.vaccination_time, "vaccination_time"); !time) return time;
        if (detail.serious == false && !detail.seriousness.empty())
            return wrong("serious", msg("adverse_event.serious_contradicted"));
        return detail.reporter ? check_reporter(*detail.reporter) : Result<Done>(Done{});
    }

    Result<Done> operator()(Stock& detail) const { return check_stock(at, detail); }

    Result<Done> operator()(Colposcopy& detail) const {
        if (detail.tz_type && (*detail.tz_type < 1 || *detail.tz_type > 3))
            return wrong("tz_type", msg("colposcopy.tz_type"));
        auto biopsies =
            check_range(detail.biopsies, biopsies_max, "biopsies", msg("colposcopy.biopsies"), 0);
        if (!biopsies) return biopsies;
        return check_range(detail.swede, swede_max, "swede", msg("colposcopy.swede"), 0);
    }

    Result<Done> operator()(HpvTest& detail) const { return check_examined(detail); }

    Result<Done> operator()(Cytology& detail) const { return check_examined(detail); }

    Result<Done> operator()(Histology& detail) const { return check_examined(detail); }

    Result<Done> operator()(Specimen& detail) const {
        if (detail.tests.empty()) return wrong("tests", msg("fact.missing"));
        if (auto barcode = check_barcode(detail.barcode, "barcode"); !barcode) return barcode;
        if (is_before(detail.sent_on, at.date))
            return wrong("sent_on", msg("specimen.sent_before_taken"));
        const bool is_early = is_before(detail.received_on, at.date) ||
                              (detail.sent_on && detail.received_on < detail.sent_on);
        if (detail.received_on && is_early)
            return wrong("received_on", msg("specimen.received_before_sent"));
        return check_facility(detail.laboratory, "laboratory");
    }

    Result<Done> operator()(SeniorReview& detail) const {
        if (is_before(detail.review_on, at.date))
            return wrong("review_on", msg("senior_review.review_before"));
        return Done{};
    }

    Result<Done> operator()(Treatment& detail) const {
        if (auto reason = check_reason_code(detail.reason); !reason) return reason;
        if (is_before(detail.postponed_until, at.date))
            return wrong("postponed_until", msg("treatment.postponed_before"));
        return check_code(detail.code, "code");
    }

    Result<Done> operator()(Diagnosis& detail) const {
        if (auto code = check_code(detail.code, "code"); !code) return code;
        auto level = check_range(detail.hospital_level, hospital_level_max, "hospital_level",
                                 msg("diagnosis.hospital_level"));
        if (!level) return level;
        return check_stage(detail);
    }

    Result<Done> operator()(Referral& detail) const {
        if (!is_facility_code(detail.to_facility))
            return wrong("to_facility", msg("facility.shape"));
        if (is_before(detail.appointment_on, at.date))
            return wrong("appointment_on", msg("referral.appointment_before"));
        return Done{};
    }

    Result<Done> operator()(ReferralFeedback& detail) const {
        return check_facility(detail.from_facility, "from_facility");
    }

    Result<Done> operator()(Informed& detail) const {
        return detail.about.empty() ? wrong("about", msg("fact.missing")) : Result<Done>(Done{});
    }

    Result<Done> operator()(Deferral& detail) const {
        if (is_before(detail.until, at.date)) return wrong("until", msg("deferral.until_before"));
        return Done{};
    }

    Result<Done> operator()(Contact& detail) const {
        if (detail.appointment_on && detail.outcome != ContactOutcome::appointment_made)
            return wrong("appointment_on", msg("contact.appointment_without_outcome"));
        return Done{};
    }

    Result<Done> operator()(ProcedureDone& detail) const { return check_code(detail.code, "code"); }

    Result<Done> operator()(Correct& detail) const {
        if (detail.replacement.size() != 1) return wrong("replacement", msg("fact.expects_fact"));
        auto checked = check(detail.replacement.front());
        if (!checked) return std::move(checked).error().within("replacement");
        return checked;
    }

    template <class Other>
    Result<Done> operator()(Other&) const {
        return Done{};
    }
};

}  // namespace

bool is_facility_code(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

Result<Done> check(Fact& fact) {
    if (!fact.at.facility.empty() && !is_facility_code(fact.at.facility))
        return wrong("facility", msg("facility.shape"));
    if (fact.at.date && fact.at.reported_on && *fact.at.reported_on < fact.at.date->earliest())
        return wrong("reported_on", msg("date.reported_before"));
    return std::visit(DetailCheck{fact.at}, fact.detail);
}

}  // namespace egret
