#pragma once

#include "registry/deflate/deflate.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// An archive that a test writes part by part, right or wrong as it needs it.
class TestZip {
public:
    enum class Method { stored, deflated };

    /// `told_size` is what the directory says of the unpacked size, if not the truth.
    void add(const std::string& name, const std::string& content, Method method = Method::deflated,
             std::int64_t told_size = -1) {
        const auto packed = method == Method::stored
                                ? content
                                : std::string(text_of(deflate::pack(bytes_of(content))));
        const auto size = told_size < 0 ? content.size() : static_cast<std::size_t>(told_size);
        const std::uint32_t code = method == Method::stored ? 0 : 8;
        const auto at = bytes_.size();
        bytes_ += "PK\x03\x04" + number(20, 2) + number(0, 2) + number(code, 2) + number(0, 8) +
                  number(packed.size(), 4) + number(size, 4) + number(name.size(), 2) +
                  number(0, 2) + name + packed;
        directory_ += "PK\x01\x02" + number(20, 2) + number(20, 2) + number(0, 2) +
                      number(code, 2) + number(0, 8) + number(packed.size(), 4) + number(size, 4) +
                      number(name.size(), 2) + number(0, 12) + number(at, 4) + name;
        ++count_;
    }

    std::string bytes() const {
        return bytes_ + directory_ + "PK\x05\x06" + number(0, 4) + number(count_, 2) +
               number(count_, 2) + number(directory_.size(), 4) + number(bytes_.size(), 4) +
               number(0, 2);
    }

private:
    static std::string number(std::uint64_t value, std::size_t size) {
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) {
            bytes += static_cast<char>(value & 0xFFU);
            value >>= 8U;
        }
        return bytes;
    }

    std::string bytes_;
    std::string directory_;
    std::size_t count_ = 0;
};

/// A workbook of one sheet with these rows ("<row …>…</row>") and shared strings ("<si>…</si>").
inline std::string workbook(const std::string& rows, const std::string& strings = "",
                            const std::string& properties = "") {
    TestZip zip;
    zip.add("xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><workbookPr " + properties +
                "/><sheets><sheet name=\"一班\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    zip.add("xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" "
            "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/sharedStrings\" "
            "Target=\"/xl/sharedStrings.xml\"/></Relationships>");
    zip.add("xl/sharedStrings.xml", "<sst>" + strings + "</sst>");
    zip.add("xl/worksheets/sheet1.xml",
            "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
    return zip.bytes();
}

}  // namespace egret::tests
