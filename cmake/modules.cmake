# egret_module(<name> FLOOR <n> SOURCES <file>... [USES <module>...] [LINKS <target>...])
#
# One folder, one static library, one floor. USES names modules of strictly lower floors: one on the
# same floor is too high, so no circle can be written. A breach stops the configuration here; the
# tidy test holds every #include to the same list, which is written to floors.txt.
#
# The folder is that of the first source; the library is egret_<name>, to link as egret::<name>.
function(egret_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FLOOR" "SOURCES;USES;LINKS")

    add_library(egret_${name} STATIC ${arg_SOURCES})
    add_library(egret::${name} ALIAS egret_${name})
    set_target_properties(egret_${name} PROPERTIES EGRET_FLOOR ${arg_FLOOR})
    target_include_directories(egret_${name} PUBLIC ${PROJECT_SOURCE_DIR})

    foreach(used IN LISTS arg_USES)
        if(NOT TARGET egret_${used})
            message(FATAL_ERROR "${name} uses ${used}, which is not declared before it")
        endif()
        get_target_property(floor egret_${used} EGRET_FLOOR)
        if(NOT floor LESS arg_FLOOR)
            message(FATAL_ERROR "${name} (floor ${arg_FLOOR}) may not use ${used} "
                "(floor ${floor}): only lower floors")
        endif()
        target_link_libraries(egret_${name} PUBLIC egret::${used})
    endforeach()
    target_link_libraries(egret_${name} PRIVATE ${arg_LINKS} egret_warnings)

    list(GET arg_SOURCES 0 first)
    cmake_path(ABSOLUTE_PATH first OUTPUT_VARIABLE first)
    cmake_path(RELATIVE_PATH first BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    cmake_path(GET first PARENT_PATH folder)
    list(JOIN arg_USES "," uses)
    set_property(GLOBAL APPEND_STRING PROPERTY EGRET_FLOORS
        "${folder} ${arg_FLOOR} ${name} ${uses}\n")
endfunction()
