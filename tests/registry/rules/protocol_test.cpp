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
  "windows":[{"dose":1,"from":"2025-01-01","to":"2025-02-01"}],"source":"none"}]}})";

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
}

}  // namespace
}  // namespace egret::rules
