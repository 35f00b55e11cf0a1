#include "registry/rules/protocol.h"

#include "embedded/protocols.h"
#include "registry/rules/protocol_catalog.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace egret::rules {
namespace {

const std::string sound = R"({
"id":"a-1","version":"3","kind":"vaccination_series",
"title":{"zh":"一","en":"One"},"source":{"zh":"二","en":"Two"},
"valid":{"from":"2020-01-01","to":"2029-12-31"},
"parameters":[{"name":"gap","value":"5 months","verified":false,
  "meaning":{"zh":"三","en":"Three"},"source":"none"}],
"missing_day":"roll","overdue":"on_latest","counts":"valid",
"vaccines":["cvx:165"],
"allowed":[{"vaccine":"cvx:165","from_age":"9 years","until_age":"46 years","preferred":true}],
"series":[
 {"id":"two","title":{"zh":"四","en":"Four"},"sexes":["female"],"group":"standard",
  "equivalent_groups":["risk"],"default":true,"preference":1,"max_age_to_start":"15 years",
  "left_open":[{"id":"old","doses":0,"from_age":"20 years","text":{"zh":"五","en":"Five"}}],
  "doses":[{"ages":[{"absolute_minimum":"9 years - 4 days","minimum":"9 years",
                     "recommended":"11 years","latest":"13 years",
                     "maximum":"46 years","from":"2016-01-01"}]},
           {"intervals":[{"from_target":1,"minimum":"$gap","recommended":"6 months"}],
            "skip_dose":[{"interval":"5 months","more_than":1,"from_age":"9 years",
                          "vaccines":["cvx:165"]}]}]},
 {"id":"risk","title":{"zh":"六","en":"Six"},"group":"risk","risk":true,"preference":1,
  "indications":[{"flags":["hiv"],"from_age":"9 years","until_age":"46 years"}],
  "doses":[{"ages":[{"minimum":"9 years"}]}]}],
"contraindications":[{"id":"pregnancy","flags":["pregnant"],"text":{"zh":"七","en":"Seven"}}],
"guidance":[{"id":"note","from_age":"27 years","text":{"zh":"八","en":"Eight"}}],
"eligibility":{"rounds":[{"id":"first","title":{"zh":"九","en":"Nine"},"area":"350200",
  "basis":["residence"],"sexes":["female"],"born_from":"2011-11-10","born_to":"2012-11-09",
  "windows":[{"dose":1,"from":"2025-01-01","to":"2025-02-01"},
             {"dose":2,"from":"2025-06-01","to":"2025-07-01"}],"source":"none"}]}})";

std::string changed(const std::string& from, const std::string& to) {
    auto text = sound;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

TEST_SUITE("registry/rules/protocol") {
    TEST_CASE("every protocol that the program carries is sound") {
        for (const auto& file : embedded::protocols()) {
            const std::string path(file.name);
            CAPTURE(path);
            const auto protocol = parse_protocol(file.content);
            CAPTURE((protocol ? "" : protocol.error().field));
            CHECK(protocol);
        }
        CHECK(known_protocols().size() == embedded::protocols().size());
    }

    TEST_CASE("the newest version is found without saying it") {
        CHECK((*find_protocol("us-cdsi-hpv"))->version == "4.64");
        CHECK((*find_protocol("us-cdsi-hpv@2023-05"))->version == "2023-05");
        CHECK(find_protocol("us-cdsi-hpv@9").error().message.id == "rules.unknown_version");
        CHECK(find_protocol("us-cdsi-hpw").error().message.id == "rules.unknown_protocol_meant");
    }

    TEST_CASE("a parameter's value stands where its name does") {
        const auto protocol = parse_protocol(sound);
        REQUIRE(protocol);
        CHECK(protocol->schedule.series[0].doses[1].intervals[0].window.minimum == Period{0, 5, 0});
    }

    TEST_CASE("what is wrong is refused, and the path says where") {
        const std::pair<std::string, std::string> cases[] = {
            {changed("\"version\":\"3\",", ""), "version"},
            {changed("\"a-1\"", "\"A 1\""), "id"},
            {changed("\"vaccination_series\"", "\"pathway\""), "kind"},
            {changed("\"zh\":\"一\",", ""), "title.zh"},
            {changed("2029-12-31", "2019-12-31"), "valid.to"},
            {changed("2029-12-31", "2029-02-30"), "valid.to"},
            {changed("\"gap\",\"value\"", "\"gaq\",\"value\""),
             "series[0].doses[1].intervals[0].minimum"},
            {changed("\"$gap\"", "\"5 months\""), "parameters[0].name"},
            {changed("\"5 months\",\"verified\"", "\"5 moons\",\"verified\""),
             "parameters[0].value"},
            {changed("\"roll\"", "\"skip\""), "missing_day"},
            {changed("\"on_latest\"", "\"never\""), "overdue"},
            {changed("\"counts\":\"valid\"", "\"counts\":\"all\""), "counts"},
            {changed("\"vaccines\":[\"cvx:165\"],\n", "\"vaccines\":[],\n"), "vaccines"},
            {changed("\"vaccines\":[\"cvx:165\"],\n", "\"vaccines\":[\"cvx:9165\"],\n"),
             "vaccines[0]"},
            {changed("\"vaccine\":\"cvx:165\"", "\"vaccine\":\"cvx:9\""), "allowed[0].vaccine"},
            {changed("\"until_age\":\"46 years\",\"preferred\"",
                     "\"until_age\":\"6 years\",\"preferred\""),
             "allowed[0].until_age"},
            {changed("\"preferred\":true", "\"preferred\":1"), "allowed[0].preferred"},
            {changed("\"group\":\"standard\"", "\"groop\":\"standard\""), "series[0].groop"},
            {changed("[\"risk\"]", "[\"none\"]"), "series[0].equivalent_groups[0]"},
            {changed("\"default\":true,", ""), "series[0].default"},
            {changed("\"minimum\":\"9 years\",", "\"minimum\":\"12 years\","),
             "series[0].doses[0].ages[0].recommended"},
            {changed("\"maximum\":\"46 years\"", "\"maximum\":\"9 years\""),
             "series[0].doses[0].ages[0].maximum"},
            {changed("\"from\":\"2016-01-01\"}",
                     "\"from\":\"2016-01-01\"},{\"minimum\":\"9 years\"}"),
             "series[0].doses[0].ages[1]"},
            {changed("\"from_target\":1", "\"from_target\":2"),
             "series[0].doses[1].intervals[0].from_target"},
            {changed("\"from_target\":1", "\"from_target\":0"),
             "series[0].doses[1].intervals[0].from_target"},
            {changed("\"minimum\":\"$gap\",\"recommended\":\"6 months\"", "\"latest\":\"$gap\""),
             "series[0].doses[1].intervals"},
            {changed("\"from\":\"2016-01-01\"}",
                     "\"from\":\"2016-01-01\"},{\"minimum\":\"9 years\",\"to\":\"2015-12-30\"}"),
             "series[0].doses[0].ages[0]"},
            {changed("[\"pregnant\"]", "[\"xx:12\"]"), "contraindications[0].flags[0]"},
            {changed("\"zh\":\"一\"", "\"zh\":\"  \""), "title.zh"},
            {changed("\"to\":\"2025-02-01\"}",
                     "\"to\":\"2025-02-01\"},"
                     "{\"dose\":1,\"from\":\"2025-03-01\",\"to\":\"2025-04-01\"}"),
             "eligibility.rounds[0].windows[1].dose"},
            {changed("\"dose\":1,", "\"dose\":7,"), "eligibility.rounds[0].windows[0].dose"},
            {changed("\"dose\":1,", "\"dose\":0,"), "eligibility.rounds[0].windows[0].dose"},
            {changed("\"interval\":\"5 months\",\"more_than\":1,", ""),
             "series[0].doses[1].skip_dose[0]"},
            {changed("\"risk\":true,", ""), "series[1].indications"},
            {changed("[\"hiv\"]", "[\"hiw\"]"), "series[1].indications[0].flags[0]"},
            {changed("\"id\":\"risk\"", "\"id\":\"two\""), "series[1].id"},
            {changed("\"doses\":[{\"ages\":[{\"minimum\":\"9 years\"}]}]", "\"doses\":[]"),
             "series[1].doses"},
            {changed("[\"pregnant\"]", "[]"), "contraindications[0].flags"},
            {changed("\"en\":\"Eight\"", "\"en\":\"\""), "guidance[0].text.en"},
            {changed("[\"residence\"]", "[\"moon\"]"), "eligibility.rounds[0].basis[0]"},
            {changed("\"area\":\"350200\",", ""), "eligibility.rounds[0].area"},
            {changed("2012-11-09", "2010-11-09"), "eligibility.rounds[0].born_to"},
            {changed("\"to\":\"2025-02-01\"", "\"to\":\"2024-02-01\""),
             "eligibility.rounds[0].windows[0].to"},
        };
        for (const auto& [text, path] : cases) {
            const std::string expected = path;
            CAPTURE(expected);
            const auto read = parse_protocol(text);
            REQUIRE_FALSE(read);
            CHECK(read.error().field == expected);
        }
    }

    TEST_CASE("what can be written, but not meant, is refused with its reason") {
        struct Fault {
            std::string text;
            std::string field;
            std::string reason;
        };
        const std::string second = R"({"intervals":[{"from_target":1,"minimum":"$gap",)"
                                   R"("recommended":"6 months"}],)";
        const Fault faults[] = {
            {changed("\"vaccines\":[\"cvx:165\"],\n\"allowed",
                     "\"vaccines\":[\"cvx:62\"],\n\"allowed"),
             "series[0].doses[0].allowed", "allowed_elsewhere"},
            {changed("\"preference\":1,\"max_age", "\"inadvertent\":[\"cvx:165\"],\"max_age"),
             "series[0].doses[0].inadvertent", "allowed_and_inadvertent"},
            {changed(",\"preferred\":true", ""), "series[0].doses[0].allowed",
             "no_preferred_vaccine"},
            {changed("\"5 months\",\"verified\"", "\"0 days\",\"verified\""),
             "series[0].doses[1].intervals[0].minimum", "no_span"},
            {changed("\"latest\":\"13 years\"", "\"latest\":\"50 years\""),
             "series[0].doses[0].ages[0].latest", "latest_after_maximum"},
            {changed("\"from\":\"2016-01-01\"", "\"from\":\"2021-01-01\""),
             "series[0].doses[0].ages", "rows_begin_late"},
            {changed("\"from\":\"2016-01-01\"", "\"to\":\"2028-01-01\""), "series[0].doses[0].ages",
             "rows_end_early"},
            {changed(second, R"({"skip_next":[{"more_than":1}],"intervals":[{"minimum":"$gap"}]},)"
                             R"({"intervals":[{"from_target":2,"minimum":"1 month"}],)"),
             "series[0].doses[2].intervals[0].from_target", "target_may_be_skipped"},
            {changed("\"group\":\"risk\",\"risk\":true,\"preference\":1,\n  "
                     "\"indications\":[{\"flags\":"
                     "[\"hiv\"],\"from_age\":\"9 years\",\"until_age\":\"46 years\"}],",
                     "\"group\":\"standard\",\"default\":true,"),
             "series[0].equivalent_groups[0]", "unknown_group"},
            {changed("\"sexes\":[\"female\"],\"born_from\"", "\"sexes\":[\"male\"],\"born_from\""),
             "", ""},
            {changed("\"from\":\"2025-06-01\"", "\"from\":\"2024-12-31\""),
             "eligibility.rounds[0].windows[1].from", "window_before_earlier"},
            {changed(",\n             {\"dose\":2,\"from\":\"2025-06-01\",\"to\":\"2025-07-01\"}",
                     ""),
             "eligibility.rounds[0].windows", "round_lacks_window"},
            {changed("\"zh\":\"一\"", "\"zh\":\"一\u202e二\""), "title.zh", ""},
            {changed("\"minimum\":\"9 years\"}", "\"minimum\":\"9 years\",\"older_counts\":true}"),
             "series[1].doses[0].ages[0].older_counts", "older_than_nothing"},
        };
        for (const auto& fault : faults) {
            CAPTURE(fault.field);
            const auto read = parse_protocol(fault.text);
            if (fault.field.empty()) {
                CHECK(read);  // The risk series is for boys, too.
                continue;
            }
            REQUIRE_FALSE(read);
            CHECK(read.error().field == fault.field);
            if (!fault.reason.empty()) CHECK(read.error().message.id == "rules." + fault.reason);
        }
    }

    TEST_CASE("one default for each sex and age to start, and no round for whom there is none") {
        const auto with_series = [](const std::string& head) {
            return changed(
                R"({"id":"risk","title":{"zh":"六","en":"Six"},"group":"risk",)"
                R"("risk":true,"preference":1,)"
                "\n"
                R"(  "indications":[{"flags":["hiv"],"from_age":"9 years",)"
                R"("until_age":"46 years"}],)",
                R"({"id":"other","title":{"zh":"六","en":"Six"},"group":"standard",)" + head);
        };
        const auto without_groups = [](std::string text) {
            const std::string groups = "\"equivalent_groups\":[\"risk\"],";
            return text.erase(text.find(groups), groups.size());
        };
        const auto reason = [&](const std::string& head, std::string_view round_sex = "female") {
            auto text = without_groups(with_series(head));
            const std::string sexes = R"("sexes":["female"],"born_from")";
            text.replace(text.find(sexes), sexes.size(),
                         R"("sexes":[")" + std::string(round_sex) + R"("],"born_from")");
            const auto read = parse_protocol(text);
            return read ? std::string("sound") : read.error().message.id;
        };
        CHECK(reason(R"("default":true,)") == "rules.two_defaults");
        CHECK(reason(R"("default":true,"min_age_to_start":"14 years",)") == "rules.two_defaults");
        CHECK(reason(R"("default":true,"min_age_to_start":"15 years",)") == "sound");
        CHECK(reason(R"("default":true,"sexes":["male"],)") == "sound");
        CHECK(reason(R"("sexes":["female"],)", "male") == "rules.round_without_series");
        CHECK(reason(R"("default":true,"sexes":["male"],)", "male") == "sound");
    }
}

}  // namespace
}  // namespace egret::rules
