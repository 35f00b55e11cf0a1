#pragma once

#include "registry/base/result.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace egret::sheet::detail {

/// The attributes of an element, by their local names.
class XmlAttributes {
public:
    explicit XmlAttributes(std::vector<std::pair<std::string, std::string>> all)
        : all_(std::move(all)) {}

    /// "" if there is none.
    std::string_view get(std::string_view local_name) const;

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// What is told while a document is read. Prefixes are left out: <x:row> is "row".
class XmlVisitor {
public:
    virtual ~XmlVisitor() = default;

    virtual void begin(std::string_view element, const XmlAttributes& attributes) = 0;
    virtual void text(std::string_view piece) = 0;
    virtual void end(std::string_view element) = 0;

    /// Asked after each element: true stops the reading.
    virtual bool has_enough() const { return false; }
};

/// Reads a document of a workbook. None of them has a document type, so one that has is refused:
/// there are no entities to expand.
/// Errors: invalid_input, if it is not well-formed, is nested deeper than limits::xml_nesting_max,
/// or has a document type.
Result<Done> read_xml(std::string_view document, XmlVisitor& visitor);

}  // namespace egret::sheet::detail
