#include "cli/simulation/leaflet.h"

namespace egret::simulation {
namespace {

std::string made_of(const world::WorldPlan& plan, const Simulated& made) {
    return "    egret simulate --world plain --women " + std::to_string(made.persons) +
           " --clinics " + std::to_string(plan.clinics) + " --years " + std::to_string(plan.years) +
           " --seed " + std::to_string(plan.seed) + "\n";
}

constexpr std::string_view in_chinese = R"(模拟数据：人名、号码和事件均为虚构，与任何真人无关。

由以下命令生成，同一种子得到同样的记录：

)";

constexpr std::string_view files_in_chinese = R"(
  centre/         中心的数据目录，已收到全部记录
  clinics/C001/   各机构的登记库，均已全部上报
  persons.jsonl   每人一行的真实情况（人员文件格式），由生成器写出，不是从登记库读回的，
                  可用来独立核对任何数字
  pin             所有用户的 PIN

世界结束于 2025-12-31。在本目录下可以这样查询：

    egretd coverage hpv1-by-15 --data centre --by area,birth_year --on 2025-12-31 --lang zh
    egretd coverage cervical-screened-5y --data centre --by area --on 2025-12-31 --recount
    egretd status --data centre
    EGRET_PIN_FILE=pin egret coverage cervical-screened-5y --dir clinics/C001 --on 2025-12-31

----------------------------------------------------------------------------------------------------

)";

constexpr std::string_view in_english =
    R"(Simulated data: names, numbers and events are invented, and nobody's.

Made by this command; the same seed gives the same records:

)";

constexpr std::string_view files_in_english = R"(
  centre/         a centre's data folder, which has received everything
  clinics/C001/   the registry of each clinic, all of it sent
  persons.jsonl   what is true of everybody, one a line, as person files: written by the generator,
                  not read back from the registries, so that any figure can be checked on its own
  pin             the PIN of every user

The world ends on 2025-12-31. Ask it in this folder:

    egretd coverage hpv1-by-15 --data centre --by area,birth_year --on 2025-12-31
    egretd coverage cervical-screened-5y --data centre --by area --on 2025-12-31 --recount
    egretd status --data centre
    EGRET_PIN_FILE=pin egret coverage cervical-screened-5y --dir clinics/C001 --on 2025-12-31
)";

}  // namespace

std::string leaflet(const world::WorldPlan& plan, const Simulated& made) {
    std::string text(in_chinese);
    text += made_of(plan, made);
    text += files_in_chinese;
    text += in_english;
    text += made_of(plan, made);
    text += files_in_english;
    return text;
}

}  // namespace egret::simulation
