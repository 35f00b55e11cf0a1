#include "registry/service/roll_columns.h"

#include "registry/base/sheet_limits.h"
#include "registry/icu/fold.h"

#include <algorithm>
#include <map>

namespace egret::service {
namespace {

struct FieldHeads {
    RollField field;
    std::string_view name;
    std::vector<std::string_view> heads;  // Folded, without spaces.
};

const std::vector<FieldHeads>& field_heads() {
    using F = RollField;
    static const std::vector<FieldHeads> all = {
        {F::name, "name", {"姓名", "学生姓名", "名字", "fullname", "studentname", "student"}},
        {F::sex, "sex", {"性别", "gender"}},
        {F::birth_date,
         "birth_date",
         {"出生日期", "出生年月", "出生年月日", "生日", "birthdate", "dateofbirth", "dob",
          "birthday"}},
        {F::resident_id,
         "resident_id",
         {"身份证号", "身份证", "身份证号码", "身份证件号", "身份证件号码", "公民身份号码",
          "居民身份证号", "居民身份证号码", "证件号码", "证件号", "idnumber", "idno", "idcard",
          "identitynumber", "residentid", "residentnumber", "idcardnumber"}},
        {F::school_number,
         "school_number",
         {"学籍号", "全国学籍号", "学籍号码", "学籍编号", "schoolnumber", "enrolmentnumber",
          "enrollmentnumber"}},
        {F::school, "school", {"学校", "学校名称", "所在学校", "就读学校", "schoolname"}},
        {F::school_area, "school_area", {"学校地区", "学校区划", "学校所在地区", "schoolarea"}},
        {F::grade, "grade", {"年级", "所在年级"}},
        {F::school_class,
         "class",
         {"班级", "班", "所在班级", "班级名称", "schoolclass", "classname"}},
        {F::guardian,
         "guardian",
         {"家长", "家长姓名", "监护人", "监护人姓名", "guardianname", "parent", "parentname"}},
        {F::relation,
         "relation",
         {"关系", "与学生关系", "监护人关系", "家长关系", "relationship", "guardianrelation"}},
        {F::guardian_phone,
         "guardian_phone",
         {"家长电话", "家长手机", "家长手机号", "家长联系电话", "监护人电话", "监护人手机",
          "监护人联系电话", "guardianphone", "parentphone"}},
        {F::phone,
         "phone",
         {"电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "mobile",
          "telephone", "phonenumber"}},
        {F::household_area,
         "household_area",
         {"户籍", "户籍地", "户籍地区", "户籍地代码", "户籍所在地", "户口所在地", "户籍区划",
          "hukou", "hukouarea", "householdarea"}},
        {F::area,
         "area",
         {"现住地区", "居住地区", "现住地代码", "居住地代码", "居住地", "homearea"}},
        {F::address,
         "address",
         {"住址", "地址", "家庭住址", "家庭地址", "现住址", "居住地址", "homeaddress"}},
    };
    return all;
}

/// Heads of what a roll has beside the pupils: nobody needs to hear that it is not read.
constexpr std::array<std::string_view, 7> idle_heads = {"序号",   "编号",   "no",      "no.",
                                                        "number", "reason", "退回原因"};

/// A head as it is compared: without case, spaces, underscores, marks, and what stands in brackets.
std::string plain_head(std::string_view text) {
    std::string plain;
    int brackets = 0;
    for (const char c : icu::fold(text)) {
        if (c == '(' || c == '[') ++brackets;
        const bool is_left_out = brackets > 0 || c == ' ' || c == '_' || c == '*' || c == ':';
        if (!is_left_out) plain += c;
        if ((c == ')' || c == ']') && brackets > 0) --brackets;
    }
    return plain;
}

std::optional<RollField> field_of_head(const std::string& plain) {
    for (const auto& known : field_heads()) {
        const bool is_it =
            plain == plain_head(known.name) ||
            std::find(known.heads.begin(), known.heads.end(), plain) != known.heads.end();
        if (is_it) return known.field;
    }
    return std::nullopt;
}

std::size_t index_of(RollField field) { return static_cast<std::size_t>(field); }

/// The row's columns by their heads; of two that say the same the first.
RollColumns columns_of_row(const sheet::Row& row) {
    RollColumns columns;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto plain = plain_head(row.cells[i].text);
        if (plain.empty()) continue;
        const auto field = field_of_head(plain);
        auto* place = field ? &columns.of_field[index_of(*field)] : nullptr;
        if (place && !*place)
            *place = i;
        else if (std::find(idle_heads.begin(), idle_heads.end(), plain) == idle_heads.end())
            columns.unread.push_back(i);
    }
    return columns;
}

std::optional<std::size_t> column_with_head(const sheet::Row& row, std::string_view head) {
    const auto wanted = plain_head(head);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (plain_head(row.cells[i].text) == wanted) return i;
    }
    return std::nullopt;
}

/// Puts the choices over what the heads say. False if a column is not in that row.
bool choose_columns(const sheet::Row* head, const std::vector<RollChoice>& choices,
                    RollColumns& columns) {
    for (const auto& choice : choices) {
        auto& place = columns.of_field[index_of(choice.field)];
        const auto before = place;
        place.reset();
        if (!choice.column.empty()) {
            if (head) place = column_with_head(*head, choice.column);
            if (!place) place = sheet::find_column(choice.column);
            if (!place) return false;
        }
        if (before && before != place) columns.unread.push_back(*before);
        if (place) std::erase(columns.unread, *place);
    }
    return true;
}

bool is_head_row(const RollColumns& columns) {
    constexpr std::ptrdiff_t columns_min = 2;
    const auto known = std::count_if(columns.of_field.begin(), columns.of_field.end(),
                                     [](const auto& column) { return column.has_value(); });
    return columns.column(RollField::name) && known >= columns_min;
}

/// Also a row whose heads nobody knows is the head row, if the choices name that of the name, or
/// two others.
bool has_chosen_heads(const sheet::Row& row, const std::vector<RollChoice>& choices) {
    std::size_t found = 0;
    for (const auto& choice : choices) {
        if (choice.column.empty() || !column_with_head(row, choice.column)) continue;
        found += choice.field == RollField::name ? 2U : 1U;
    }
    return found >= 2;
}

bool names_letters_alone(const std::vector<RollChoice>& choices) {
    const bool names_name =
        std::any_of(choices.begin(), choices.end(), [](const RollChoice& choice) {
            return choice.field == RollField::name && !choice.column.empty();
        });
    return names_name && std::all_of(choices.begin(), choices.end(), [](const RollChoice& choice) {
               return choice.column.empty() || sheet::find_column(choice.column).has_value();
           });
}

Error unknown_column() { return {ErrorCode::invalid_input, "--map", msg("roll.no_such_column")}; }

}  // namespace

std::string_view to_string(RollField field) { return field_heads()[index_of(field)].name; }

std::optional<RollField> find_roll_field(std::string_view name) {
    return field_of_head(plain_head(name));
}

Result<std::optional<RollColumns>> find_columns(const sheet::Sheet& sheet,
                                                const std::vector<RollChoice>& choices) {
    const auto end = std::min(sheet.rows.size(), limits::sheet_head_rows_max);
    for (std::size_t i = 0; i < end; ++i) {
        auto columns = columns_of_row(sheet.rows[i]);
        if (!is_head_row(columns) && !has_chosen_heads(sheet.rows[i], choices)) continue;
        if (!choose_columns(&sheet.rows[i], choices, columns)) return unknown_column();
        if (!columns.column(RollField::name)) continue;
        columns.first_row = i + 1;
        return std::optional(std::move(columns));
    }
    // Without a head row all that counts is what was said by letters.
    RollColumns columns;
    if (!names_letters_alone(choices) || !choose_columns(nullptr, choices, columns))
        return std::optional<RollColumns>();
    return std::optional(std::move(columns));
}

}  // namespace egret::service
