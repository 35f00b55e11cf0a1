# egret_embed(<target> <name> <file>...): the files' bytes inside the program, as
# egret::embedded::<name>() in "embedded/<name>.h": a span of EmbeddedFile
# (registry/base/embedded.h) in the order given, each under its path below schemas/ (or, for others,
# its file name). The program carries its own schemas and texts: there is no file to lose on a
# laptop.
enable_language(ASM)

function(egret_embed target name)
    set(dir ${PROJECT_BINARY_DIR}/generated/embedded)
    set(assembly ".section .rodata\n")
    set(externs "")
    set(table "")
    set(index 0)
    set(paths "")
    foreach(file IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE path)
        cmake_path(IS_PREFIX PROJECT_SOURCE_DIR ${path} inside)
        set(label egret_embedded_${name}_${index})
        string(REGEX REPLACE "^.*/schemas/" "" shown "${path}")
        string(REGEX REPLACE "^.*/(web/dist|registry/generated)/" "" shown "${shown}")
        string(APPEND assembly
            ".global ${label}\n${label}:\n.incbin \"${path}\"\n"
            ".global ${label}_end\n${label}_end:\n.byte 0\n")
        string(APPEND externs "extern const char ${label}[];\nextern const char ${label}_end[];\n")
        string(APPEND table
            "    {\"${shown}\", {${label}, static_cast<std::size_t>(${label}_end - ${label})}},\n")
        list(APPEND paths ${path})
        math(EXPR index "${index} + 1")
    endforeach()

    file(CONFIGURE OUTPUT ${dir}/${name}.S @ONLY CONTENT
"${assembly}.section .note.GNU-stack,\"\",%progbits\n")
    file(CONFIGURE OUTPUT ${dir}/${name}.h @ONLY CONTENT
"#pragma once

#include \"registry/base/embedded.h\"

#include <span>

namespace egret::embedded {

std::span<const EmbeddedFile> ${name}();

}  // namespace egret::embedded
")
    file(CONFIGURE OUTPUT ${dir}/${name}.cpp @ONLY CONTENT
"#include \"embedded/${name}.h\"

extern \"C\" {
${externs}}

namespace egret::embedded {

std::span<const EmbeddedFile> ${name}() {
    static const EmbeddedFile files[] = {
${table}    };
    return files;
}

}  // namespace egret::embedded
")
    set_source_files_properties(${dir}/${name}.S PROPERTIES OBJECT_DEPENDS "${paths}"
        SKIP_UNITY_BUILD_INCLUSION ON)
    set_source_files_properties(${dir}/${name}.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    target_sources(${target} PRIVATE ${dir}/${name}.S ${dir}/${name}.cpp)
    target_include_directories(${target} PUBLIC ${PROJECT_BINARY_DIR}/generated)
endfunction()
