#pragma once

#include "cli/context.h"
#include "cli/new_file.h"
#include "registry/service/clinic.h"

#include <memory>
#include <string>

namespace egret::cli {

/// The draft of a recovery sheet, which must not lie in the registry's folder `dir`, where a thief
/// finds it beside the registry.
/// Errors: invalid_input, if it would; those of NewFile::create.
Result<std::unique_ptr<NewFile>> sheet_draft(const std::string& path, const std::string& dir);

/// A new recovery code, with its sheet in the new file `path`; the old sheet is worthless then.
/// Errors: those of sheet_draft and keys::KeyFile; then the old sheet still holds.
Result<Done> make_new_sheet(const Command& command, const std::string& dir, service::Clinic& clinic,
                            const std::string& path);

/// The same with the sheet shown at the terminal and typed back.
/// Errors: those of show_sheet and keys::KeyFile.
Result<Done> show_new_sheet(const Command& command, const std::string& dir,
                            service::Clinic& clinic);

}  // namespace egret::cli
