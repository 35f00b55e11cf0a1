#pragma once

#include "registry/service/school_session.h"

#include <string>
#include <vector>

namespace egret::cli {

/// A session list for print, A4 landscape: to be ticked by hand at the school.
struct SchoolPage {
    std::string title;
    std::string note;  // Of what it is: clinic, school, round, day, how many.
    std::vector<service::SessionLine> lines;
    Language language = Language::en;
};

std::string to_html(const SchoolPage& page);

}  // namespace egret::cli
