#include "cli/world/names.h"

#include <array>
#include <string_view>

namespace egret::world {
namespace {

// The more common a family name, the more often it stands here.
constexpr auto family_names = std::to_array<std::string_view>({
    "陈", "陈", "陈", "陈", "陈", "陈", "林", "林", "林", "林", "林", "黄",   "黄", "黄",
    "黄", "张", "张", "张", "李", "李", "李", "王", "王", "王", "吴", "吴",   "吴", "郑",
    "郑", "刘", "刘", "蔡", "蔡", "许", "许", "杨", "杨", "叶", "叶", "洪",   "洪", "苏",
    "苏", "谢", "曾", "曾", "周", "郭", "郭", "庄", "邱", "江", "徐", "何",   "朱", "罗",
    "高", "余", "潘", "柯", "方", "胡", "施", "卢", "孙", "赖", "沈", "颜",   "纪", "董",
    "汤", "白", "魏", "曹", "傅", "温", "彭", "蒋", "梁", "宋", "唐", "欧阳",
});

constexpr auto female_characters = std::to_array<std::string_view>({
    "丽", "美", "秀", "芳", "玉", "雅", "婷", "慧", "敏", "静", "淑", "惠", "燕", "玲", "娜",
    "琳", "雪", "梅", "兰", "菊", "莲", "英", "华", "珍", "珠", "晓", "小", "佳", "怡", "欣",
    "思", "诗", "语", "梦", "涵", "萱", "琪", "瑶", "露", "云", "霞", "虹", "月", "春", "秋",
    "红", "艳", "萍", "莉", "蓉", "娟", "凤", "宝", "彩", "素", "碧", "清", "文", "心", "可",
});

constexpr auto male_characters = std::to_array<std::string_view>({
    "伟", "强", "军", "杰", "涛", "明", "超", "勇", "辉", "鹏", "志", "建", "文", "俊", "宇",
    "浩", "泽", "轩", "博", "宏", "毅", "峰", "凯", "嘉", "铭", "子", "天", "一", "海", "国",
});

// Twenty-four beginnings and five endings: 120 names in a district before a number is needed.
constexpr auto place_beginnings = std::to_array<std::string_view>({
    "海棠", "榕荫", "望潮", "白鹭", "春晓", "南风",   "荔枝", "云顶",
    "观澜", "月光", "青石", "听涛", "凤凰", "木棉",   "鸣沙", "长堤",
    "晴川", "芦苇", "银杏", "星海", "竹影", "三角梅", "石榴", "归帆",
});

constexpr auto place_endings = std::to_array<std::string_view>({"里", "湾", "桥", "洲", "坊"});

template <class List>
std::string_view one_of(const List& list, SeededRandom& random) {
    return list[random.below(list.size())];
}

template <class List>
std::string given_name(const List& characters, SeededRandom& random) {
    std::string name(one_of(characters, random));
    if (random.chance(0.75)) name += one_of(characters, random);
    return name;
}

std::string place_name(std::size_t number) {
    const auto beginning = number % place_beginnings.size();
    const auto ending = number / place_beginnings.size();
    std::string name(place_beginnings[beginning]);
    name += place_endings[ending % place_endings.size()];
    const auto round = ending / place_endings.size();
    if (round > 0) name += "第" + std::to_string(round + 1);
    return name;
}

}  // namespace

std::string invented_name(Sex sex, SeededRandom& random) {
    std::string name(one_of(family_names, random));
    return name + (sex == Sex::male ? given_name(male_characters, random)
                                    : given_name(female_characters, random));
}

std::string family_name_of(const std::string& name) {
    constexpr std::string_view longest = "欧阳";
    if (name.starts_with(longest)) return std::string(longest);
    constexpr std::size_t character_bytes = 3;
    return name.substr(0, character_bytes);
}

std::string invented_clinic_name(const std::string& district, std::size_t number) {
    return district + place_name(number) + "社区卫生服务中心";
}

std::string invented_school_name(SeededRandom& random) {
    constexpr std::size_t schools = 72;
    const auto place = place_name(random.below(schools));
    return place + (random.chance(0.5) ? "小学" : "中学");
}

}  // namespace egret::world
