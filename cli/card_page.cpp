#include "cli/card_page.h"

#include "cli/console/catalog.h"
#include "cli/console/html_table.h"
#include "cli/decision_output.h"
#include "registry/rules/vaccine.h"

#include <string_view>
#include <utility>

namespace egret::cli {
namespace {

using console::html_text;
using console::text;
using service::CardLine;
using service::CardNext;

constexpr std::size_t quiet_zone = 4;  // Squares around a QR code that stay white.

constexpr std::string_view style = R"css(
@page { size: 148mm 210mm; margin: 8mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 132mm; color: #111; background: #fff;
  font: 10pt/1.3 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei",
    "Helvetica Neue", Arial, sans-serif }
h1 { margin: 0 0 3mm; padding-bottom: 2mm; border-bottom: .6mm solid #0b5c7a; color: #0b5c7a;
  font-size: 16pt; line-height: 1.2 }
h1 span + span { display: block; font-size: 11pt; font-weight: normal }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5mm 4mm; margin: 0 0 3mm }
dt, th { color: #555; font-weight: normal }
dd { margin: 0; overflow-wrap: anywhere }
.name { font-size: 14pt; font-weight: bold }
table { width: 100%; margin: 0 0 3mm; border-collapse: collapse }
th, td { padding: 1.2mm 1.5mm; border-bottom: .2mm solid #999; text-align: left;
  vertical-align: top; overflow-wrap: anywhere }
thead th { border-bottom: .4mm solid #111; font-size: 9pt; line-height: 1.25;
  overflow-wrap: normal }
td.number { text-align: center; font-weight: bold }
td.date { white-space: nowrap }
td.lot { min-width: 21mm }
.mark { display: block; color: #8a1f11; font-size: 8.5pt }
.next { margin: 0 0 3mm; padding: 2mm 3mm; border: .4mm solid #0b5c7a; border-radius: 1mm }
.next b { display: block }
.both span { display: block }
.code { display: flex; gap: 4mm; align-items: center; break-inside: avoid }
.code svg { flex: none; width: 56mm; height: 56mm }
.code p, .no-code { margin: 0; font-size: 9pt; overflow-wrap: anywhere }
footer { margin-top: 2mm; padding-top: 2mm; border-top: .2mm solid #999; font-size: 9pt }
tr, .next, footer { break-inside: avoid }
@media screen { body { padding: 8mm } }
)css";

std::string_view html_language(Language language) {
    return language == Language::zh ? "zh-CN" : "en";
}

/// Says the same in each language of the card.
class Speaker {
public:
    explicit Speaker(const std::vector<Language>& languages) : languages_(languages) {}

    /// One after the other: "姓名 Name".
    std::string label(std::string_view id) const {
        return each([&](Language language) { return text(id, language); }, " ");
    }

    /// Beside the label, or below it.
    std::string sentence(const Message& message) const {
        return each([&](Language language) { return text(message, language); }, " ");
    }

    std::string both(const BothLanguages& texts) const {
        return each([&](Language language) { return in_language(texts, language); }, " ");
    }

    std::string_view first() const { return html_language(languages_.front()); }

    bool says_both() const { return languages_.size() > 1; }

private:
    template <class Say>
    std::string each(Say say, std::string_view between) const {
        if (!says_both()) return html_text(say(languages_.front()));
        std::string all;
        for (const auto language : languages_) {
            if (!all.empty()) all += between;
            all.append("<span lang=\"").append(html_language(language)).append("\">");
            all += html_text(say(language)) + "</span>";
        }
        return all;
    }

    const std::vector<Language>& languages_;
};

/// Each row as bars of dark squares, in one path: sharp at any size.
std::string to_svg(const qr::QrCode& code, std::string_view title) {
    const auto side = std::to_string(code.size + 2 * quiet_zone);
    std::string path;
    for (std::size_t row = 0; row < code.size; ++row) {
        for (std::size_t column = 0; column < code.size;) {
            std::size_t end = column;
            while (end < code.size && code.is_dark(row, end)) ++end;
            if (end > column) {
                const auto width = std::to_string(end - column);
                path += "M" + std::to_string(column + quiet_zone) + " " +
                        std::to_string(row + quiet_zone) + "h" + width + "v1h-" + width + "z";
            }
            column = end + 1;
        }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
           "\" role=\"img\" shape-rendering=\"crispEdges\"><title>" + html_text(title) +
           "</title><path fill=\"#fff\" d=\"M0 0h" + side + "v" + side + "H0z\"/><path d=\"" +
           path + "\"/></svg>";
}

std::string product_cell(const CardLine& line, const Speaker& say) {
    const auto* vaccine = rules::find_vaccine(line.product);
    auto cell = vaccine ? say.both(vaccine->title) : html_text(line.product);
    const auto mark = [&](std::string_view id) {
        cell += "<span class=\"mark\">" + say.label(id) + "</span>";
    };
    if (!line.counts) mark("card.mark.not_counted");
    if (line.is_told) mark("card.mark.told");
    return cell;
}

std::string dose_rows(const service::WomanCard& card, const Speaker& say) {
    std::string rows;
    for (const auto& line : card.doses) {
        const auto number = line.number ? std::to_string(*line.number) : "–";
        const auto date = line.date ? line.date->to_string() : "–";
        rows += "<tr><td class=\"number\">" + number + "</td><td class=\"date\">" + date +
                "</td><td" + (say.says_both() ? " class=\"both\"" : "") + ">" +
                product_cell(line, say) + "</td><td class=\"lot\">" + html_text(line.lot) +
                "</td><td>" +
                (line.place.empty() ? say.label("card.elsewhere") : html_text(line.place)) +
                "</td></tr>\n";
    }
    return rows;
}

std::string dose_table(const service::WomanCard& card, const Speaker& say) {
    std::string head;
    for (const auto* id : {"card.column.number", "card.column.date", "card.column.vaccine",
                           "card.column.lot", "card.column.place"})
        head += "<th scope=\"col\">" + say.label(id) + "</th>";
    return "<table><thead><tr>" + head + "</tr></thead><tbody>\n" + dose_rows(card, say) +
           "</tbody></table>\n";
}

Message next_sentence(const CardNext& next, Date today) {
    switch (next.kind) {
        case CardNext::Kind::complete: return msg("card.next.complete");
        case CardNext::Kind::ask: return msg("card.next.ask");
        case CardNext::Kind::dose: break;
    }
    const auto dose = std::to_string(next.dose_number);
    if (next.due <= today)
        return msg("card.next.dose_now", {{"dose", dose}, {"due", next.due.to_string()}});
    return msg("card.next.dose", {{"dose", dose},
                                  {"earliest", std::max(next.earliest, today).to_string()},
                                  {"due", next.due.to_string()}});
}

std::string row(std::string_view label, std::string_view value, const Speaker& say) {
    return "<dt>" + say.label(label) + "</dt><dd>" + std::string(value) + "</dd>\n";
}

std::string identity(const service::WomanCard& card, const Speaker& say) {
    auto name = "<span class=\"name\">" + html_text(card.name) + "</span>";
    if (!card.romanised.empty()) name += " " + html_text(card.romanised);
    const auto born = card.birth_date ? card.birth_date->to_string() : "–";
    return "<dl>\n" + row("card.label.name", name, say) + row("card.label.born", born, say) +
           "</dl>\n";
}

std::string code_block(const CardPage& page, const Speaker& say) {
    const auto sentence = say.sentence(page.about_code);
    if (!page.code) return "<p class=\"no-code both\">" + sentence + "</p>\n";
    const auto title = text("card.code", page.languages.front());
    return "<div class=\"code\">" + to_svg(*page.code, title) + "<p class=\"both\">" + sentence +
           "</p></div>\n";
}

}  // namespace

std::string to_html(const CardPage& page) {
    const Speaker say(page.languages);
    const auto& card = page.card;
    std::string next;
    if (card.next) {
        next = "<p class=\"next both\"><b>" + say.label("card.label.next") + "</b>" +
               say.sentence(next_sentence(*card.next, card.issued_on)) + "</p>\n";
    }
    return "<!DOCTYPE html>\n<html lang=\"" + std::string(say.first()) +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src 'unsafe-inline'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           html_text(text("card.title", page.languages.front())) + "</title>\n<style>" +
           std::string(style) + "</style>\n</head>\n<body>\n<h1>" + say.label("card.title") +
           "</h1>\n" + identity(card, say) + dose_table(card, say) + next + code_block(page, say) +
           "<footer>" + say.label("card.label.issued_by") + " " + html_text(card.clinic) + " · " +
           card.issued_on.to_string() + "</footer>\n</body>\n</html>\n";
}

}  // namespace egret::cli
