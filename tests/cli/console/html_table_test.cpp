#include "cli/console/html_table.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::console {
namespace {

TEST_SUITE("cli/console/html_table") {
    TEST_CASE("what is in a record stays text") {
        CHECK(html_text("<b> & \"x\" 'y'") == "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;");
        Table table({{"a", "A"}, {"b", "B", Align::right}});
        table.add_row({"<script>alert(1)</script>", "5"});
        const auto page = to_html(table, "T<", "N&", Language::zh);
        CHECK(page.find("<script") == std::string::npos);
        CHECK(page.find("<td>&lt;script&gt;") != std::string::npos);
        CHECK(page.find("<td class=\"right\">5</td>") != std::string::npos);
        CHECK(page.find("lang=\"zh-CN\"") != std::string::npos);
        CHECK(page.find("http") == std::string::npos);
    }
}

}  // namespace
}  // namespace egret::console
