# Run by CMakeLists.txt in this folder: installs the packages when the lock file asks for it, type-checks
# and builds the page, and writes the two sources that carry its files into the program.
#
#   cmake -DNPM=npm -DOUTPUT=DIR -P build.cmake
set(HERE ${CMAKE_CURRENT_LIST_DIR})
include(${HERE}/packages.cmake)
install_packages(${HERE})

set(options "")
foreach(script check build)
  execute_process(
    COMMAND ${NPM} run --silent ${script} -- ${options}
    WORKING_DIRECTORY ${HERE} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "The page does not build (npm run ${script}):\n${said}")
  endif()
  set(options --outDir ${OUTPUT}/dist --emptyOutDir)
endforeach()

function(media_type path result)
  set(types .html "text/html; charset=utf-8" .js "text/javascript; charset=utf-8"
    .css "text/css; charset=utf-8" .svg image/svg+xml .json application/json .woff2 font/woff2)
  string(REPLACE "; " "@" types "${types}")
  cmake_path(GET path EXTENSION LAST_ONLY extension)
  list(FIND types "${extension}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "No media type is known for ${path}: add it to build.cmake.")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  string(REPLACE "@" "; " type "${type}")
  set(${result} "${type}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${OUTPUT}/dist ${OUTPUT}/dist/*)
list(SORT files)
set(assembly "    .section .note.GNU-stack,\"\",%progbits\n    .section .rodata\n")
set(declarations "")
set(table "")
set(number 0)
foreach(file IN LISTS files)
  media_type(${file} type)
  set(name twinning_page_${number})
  string(APPEND assembly "    .global ${name}_begin, ${name}_end\n"
    "${name}_begin:\n    .incbin \"${OUTPUT}/dist/${file}\"\n${name}_end:\n")
  string(APPEND declarations "extern const char ${name}_begin[];\nextern const char ${name}_end[];\n")
  string(APPEND table "      {\"/${file}\", \"${type}\", Between(${name}_begin, ${name}_end)},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}/page_assets.S "${assembly}")
file(WRITE ${OUTPUT}/page_assets.cc "// Made by client/page/build.cmake.
#include \"client/app/assets.h\"

extern \"C\" {
${declarations}}

namespace twinning::app {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::span<const Asset> Assets() {
  static const Asset kAssets[] = {
${table}  };
  return kAssets;
}

}  // namespace twinning::app
")
