#pragma once

#include <map>
#include <set>
#include <string>

/// What may be taken away from the files of rules, or changed, without their being refused.
namespace egret::rules {

/// What a file may do without, and where it may say anything.
struct Freedom {
    std::set<std::string> optional;  // Shapes of members that may be missing.
    std::set<std::string> free;      // Of texts that may say anything, and of what may be empty.
    /// What is refused at another place, with which it no longer agrees.
    std::map<std::string, std::set<std::string>> elsewhere;
};

inline const std::set<std::string> where_parameters_stand{
    "allowed[].vaccine",
    "series[].doses[].ages[].latest",
    "eligibility.rounds[].born_from",
    "series[].doses[].ages[].maximum",
    "series[].doses[].ages[].minimum",
    "series[].doses[].ages[].recommended",
    "series[].doses[].intervals[].latest",
    "series[].doses[].intervals[].minimum",
    "series[].doses[].intervals[].recommended",
    "eligibility.rounds[].from",
    "eligibility.rounds[].to",
    "eligibility.rounds[].until_age",
    "guidance[].begun_from_age",
    "eligibility.rounds[].from_age",
};

/// Whoever takes away what names a parameter leaves one that nothing uses.
inline const std::set<std::string> unused_parameter{"parameters[].name"};

inline const Freedom protocol_freedom{
    {
        "allowed[].preferred",
        "contraindications",
        "contraindications[].clinician_decides",
        "eligibility",
        "eligibility.rounds[].basis",
        "eligibility.rounds[].born_from",
        "eligibility.rounds[].born_to",
        "eligibility.rounds[].from",
        "eligibility.rounds[].from_age",
        "eligibility.rounds[].no_earlier_dose",
        "eligibility.rounds[].sexes",
        "eligibility.rounds[].to",
        "eligibility.rounds[].until_age",
        "eligibility.rounds[].windows",
        "guidance",
        "guidance[].begun_from_age",
        "guidance[].from_age",
        "guidance[].until_age",
        "series[].allowed[].from_age",
        "series[].allowed[].preferred",
        "series[].allowed[].until_age",
        "series[].default",       // As long as another of the group is it.
        "series[].doses[].ages",  // Of the second dose and later ones.
        "series[].doses[].ages[].absolute_minimum",
        "series[].doses[].ages[].latest",
        "series[].doses[].ages[].maximum",
        "series[].doses[].ages[].minimum",  // As above.
        "series[].doses[].ages[].older_counts",
        "series[].doses[].ages[].recommended",
        "series[].doses[].intervals[].absolute_minimum",
        "series[].doses[].intervals[].from",
        "series[].doses[].intervals[].from_target",
        "series[].doses[].intervals[].latest",
        "series[].doses[].intervals[].minimum",
        "series[].doses[].intervals[].recommended",
        "series[].doses[].intervals[].to",
        "series[].doses[].skip_dose",
        "series[].doses[].skip_dose[].from_age",
        "series[].doses[].skip_dose[].vaccines",
        "series[].doses[].skip_next",
        "series[].doses[].skip_next[].from_age",
        "series[].doses[].skip_next[].vaccines",
        "series[].equivalent_groups",
        "series[].inadvertent",
        "series[].indications[].from_age",
        "series[].indications[].until_age",
        "series[].left_open",
        "series[].left_open[].from_age",
        "series[].left_open[].sexes",
        "series[].max_age_to_start",
        "series[].min_age_to_start",
        "series[].preference",
        "series[].sexes",
        "valid",
        "valid.from",
        "valid.to",
    },
    {
        "contraindications",
        "contraindications[].text.en",
        "contraindications[].text.zh",
        "eligibility.rounds[].source",
        "eligibility.rounds[].title.en",
        "eligibility.rounds[].title.zh",
        "eligibility.rounds[].windows",
        "guidance",
        "guidance[].text.en",
        "guidance[].text.zh",
        "parameters[].meaning.en",
        "parameters[].meaning.zh",
        "parameters[].source",
        "series[].doses[].ages",
        "series[].doses[].skip_dose",
        "series[].doses[].skip_next",
        "series[].left_open",
        "series[].left_open[].text.en",
        "series[].left_open[].text.zh",
        "series[].title.en",
        "series[].title.zh",
        "source.en",
        "source.zh",
        "title.en",
        "title.zh",
        "valid",
    },
    {
        {"allowed", {"series[].doses[].allowed"}},
        {"allowed[].preferred", {"series[].doses[].allowed"}},
        {"series[].allowed[].preferred", {"series[].doses[].allowed"}},
        {"series[].allowed", {"series[].doses[].allowed"}},
        {"series[].risk", {"series[].indications"}},
        {"series[].doses[].ages[].to", {"series[].doses[].ages[]"}},  // Now the rows overlap.
        {"parameters", where_parameters_stand},
        {"parameters[].name", where_parameters_stand},
        {"eligibility", unused_parameter},
        {"eligibility.rounds[].born_from", unused_parameter},
        {"eligibility.rounds[].from", unused_parameter},
        {"eligibility.rounds[].to", unused_parameter},
        {"guidance", unused_parameter},
        {"guidance[].begun_from_age", unused_parameter},
        {"series[].doses[].ages", unused_parameter},
        {"series[].doses[].ages[].latest", unused_parameter},
        {"series[].doses[].ages[].maximum",
         {"parameters[].name", "series[].doses[].ages[].older_counts"}},
        // Of two that begin at ages of their own either may be the answer.
        {"series[].max_age_to_start", {"series[].default"}},
        {"series[].min_age_to_start", {"series[].default"}},
        {"series[].sexes", {"series[].default"}},
        {"series[].doses[].intervals[].latest", unused_parameter},
        {"series[].doses[].intervals[].minimum", unused_parameter},
        {"series[].doses[].intervals[].recommended", unused_parameter},
    }};

inline const Freedom programme_freedom{
    {
        "area",
        "protocols[].begun_from_age",
        "protocols[].begun_with",
        "protocols[].born_from",
        "protocols[].flags",
        "protocols[].from",
        "protocols[].not_begun_with",
        "protocols[].sexes",
        "protocols[].tier",
        "protocols[].to",
        "protocols[].until_age",
        "stock",
        "stock.expiry_days",
        "stock.low_doses",
    },
    {"source.en", "source.zh", "stock", "stock.low_doses", "title.en", "title.zh"},
    {}};

inline const Freedom catalog_freedom{{
                                         "vaccines[].atc",
                                         "vaccines[].broader",
                                         "vaccines[].cvx",
                                         "vaccines[].dose",
                                         "vaccines[].dose.verified",
                                         "vaccines[].icd11",
                                         "vaccines[].maker",
                                         "vaccines[].valency",
                                     },
                                     {"source", "vaccines[].dose.source", "vaccines[].maker",
                                      "vaccines[].title.en", "vaccines[].title.zh"},
                                     {}};

}  // namespace egret::rules
