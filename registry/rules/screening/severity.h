#pragma once

#include "registry/domain/fact.h"
#include "registry/rules/screening/subject.h"

namespace egret::rules {

/// How much harm it does to forget a result. The cases that China's plan of 2021 has tracked
/// ("abnormal or suspicious") are at least `positive`; `high_grade` are cytology from ASC-H and AGC
/// upwards, a colposcopic impression of a high-grade lesion, CIN 2 and worse, and BI-RADS 4 and 5;
/// `cancer` is suspected or known.
enum class Severity : std::uint8_t { none, positive, high_grade, cancer };

Severity severity_of(const FindingDetail& detail);

/// Of what was found or diagnosed; `none` of any other fact, and of one that doesn't count.
Severity severity_of(const Fact& fact);

}  // namespace egret::rules

namespace egret {

template <>
struct CodeList<rules::Severity> {
    static constexpr std::string_view name = "severity";
    static constexpr auto entries = std::to_array<CodeEntry<rules::Severity>>({
        {rules::Severity::none, "none"},
        {rules::Severity::positive, "positive"},
        {rules::Severity::high_grade, "high_grade"},
        {rules::Severity::cancer, "cancer"},
    });
};

}  // namespace egret
