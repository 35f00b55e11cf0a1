#include "registry/sheet/detail/xml.h"

#include "registry/base/sheet_limits.h"

#include <Poco/Exception.h>
#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>

namespace egret::sheet::detail {
namespace {

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Nothing may be thrown through the parser, which is C: what is wrong is kept, and the rest passed
/// over.
class SaxHandler final : public Poco::XML::DefaultHandler {
public:
    explicit SaxHandler(XmlVisitor& visitor) : visitor_(visitor) {}

    void startElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&,
                      const Poco::XML::XMLString& name,
                      const Poco::XML::Attributes& attributes) override {
        if (++depth_ > limits::xml_nesting_max) is_too_deep = true;
        if (is_over()) return;
        std::vector<std::pair<std::string, std::string>> all;
        all.reserve(static_cast<std::size_t>(std::max(attributes.getLength(), 0)));
        for (int i = 0; i < attributes.getLength(); ++i) {
            all.emplace_back(without_prefix(attributes.getQName(i)), attributes.getValue(i));
        }
        visitor_.begin(without_prefix(name), XmlAttributes(std::move(all)));
    }

    void endElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&,
                    const Poco::XML::XMLString& name) override {
        --depth_;
        if (!is_over()) visitor_.end(without_prefix(name));
    }

    void characters(const Poco::XML::XMLChar text[], int start, int length) override {
        if (is_over()) return;
        visitor_.text({text + start, static_cast<std::size_t>(length)});
    }

    bool is_too_deep = false;

private:
    bool is_over() const { return is_too_deep || visitor_.has_enough(); }

    XmlVisitor& visitor_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string_view XmlAttributes::get(std::string_view local_name) const {
    for (const auto& attribute : all_) {
        if (attribute.first == local_name) return attribute.second;
    }
    return {};
}

Result<Done> read_xml(std::string_view document, XmlVisitor& visitor) {
    const Error damaged{ErrorCode::invalid_input, "", msg("sheet.damaged")};
    // A zero byte is there in UTF-16 only, in which the document type could hide.
    const bool is_odd = document.find("<!DOCTYPE") != std::string_view::npos ||
                        document.find('\0') != std::string_view::npos;
    if (is_odd) return damaged;
    SaxHandler handler(visitor);
    try {
        Poco::XML::SAXParser parser;
        parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
        parser.setContentHandler(&handler);
        parser.parseMemoryNP(document.data(), document.size());
    } catch (const Poco::Exception&) {
        return damaged;
    }
    if (handler.is_too_deep) return damaged;
    return Done{};
}

}  // namespace egret::sheet::detail
