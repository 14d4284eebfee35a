# Checks the include rules: cmake -DROOT=DIR -P layering.cmake
# Each violation is one line with the file, the include and the rule it breaks.
# A new library is one row in `libraries`; a header that no row knows is a violation too.
cmake_minimum_required(VERSION 3.25)

# Which folders of the project a folder may include.
set(schema_may schema)
set(aws_may schema aws)
set(store_may schema store)
set(indexer_may schema aws store indexer)
set(query_may schema store query)
set(server_may schema aws store indexer query server)
set(cli_may schema aws store indexer query server cli)
set(bench_may schema store indexer query server cli bench)
set(tests_may schema aws store indexer query server cli bench tests)

# Which libraries exist (pattern of the header) and which folders may include them.
# FOLDER_source_libraries are for .cpp files only.
set(libraries
  "Boost.Asio   ^boost/asio"
  "Boost.Beast  ^boost/beast"
  "CLI11        ^CLI/"
  "OpenSSL      ^openssl/"
  "RE2          ^re2/"
  "RapidJSON    ^rapidjson/"
  "SQLite       ^sqlite3[.]h$"
  "Xapian       ^xapian"
  "cctz         ^cctz/"
  "cpp-httplib  ^httplib[.]h$"
  "curl         ^curl/"
  "fmt          ^fmt/"
  "libcsv       ^csv[.]h$"
  "gtest        ^g(test|mock)/"
  "intrinsics   ^immintrin[.]h$"
  "prometheus   ^prometheus/"
  "pugixml      ^pugixml"
  "rapidcheck   ^rapidcheck"
  "spdlog       ^spdlog/"
  "toml++       ^toml[+][+]/"
  "tl::expected ^tl/expected[.]hpp$"
  "utf8proc     ^utf8proc[.]h$"
  "xxhash       ^xxhash[.]h$"
  "simdjson     ^simdjson[.]h$"
  "libdeflate   ^libdeflate[.]h$"
  "zlib         ^zlib[.]h$"
  "zstd         ^z(std|dict)[.]h$")
set(schema_libraries tl::expected)
set(schema_source_libraries RapidJSON utf8proc OpenSSL xxhash)
set(aws_libraries tl::expected RapidJSON)
set(aws_source_libraries OpenSSL curl pugixml)
set(store_libraries tl::expected Xapian zstd xxhash RapidJSON)
set(store_source_libraries intrinsics)
set(indexer_libraries tl::expected RapidJSON simdjson libdeflate zlib Boost.Asio fmt)
set(indexer_source_libraries OpenSSL SQLite)
set(query_libraries tl::expected)
set(query_source_libraries libcsv RE2 cctz RapidJSON)
set(server_libraries tl::expected Boost.Asio Boost.Beast RapidJSON prometheus fmt spdlog)
set(server_source_libraries OpenSSL zlib)
set(cli_libraries tl::expected CLI11 RapidJSON fmt spdlog)
set(cli_source_libraries toml++)
set(bench_libraries tl::expected zlib CLI11 RapidJSON Xapian)
set(tests_libraries any)

# Libraries that one file alone may include, and those that only files of one name may.
set(one_file_libraries RE2 SQLite cctz curl libcsv libdeflate pugixml simdjson toml++)
set(Boost.Beast_files "^server/http_(session[.](h|cpp)|stream[.]cpp)$")
set(intrinsics_files "^store/scan_kernels_[a-z0-9]+[.]cpp$")

# The standard library, POSIX and Linux.
set(standard "^[a-z0-9_]+$|^(sys|netinet|arpa|linux)/[a-z0-9_]+[.]h$")
set(posix dirent errno fcntl netdb poll pthread sched signal spawn stdlib string termios time unistd)

set(violations 0)
function(violation file header rule)
  message(NOTICE "${file}: includes ${header}: ${rule}")
  math(EXPR violations "${violations} + 1")
  set(violations ${violations} PARENT_SCOPE)
endfunction()

macro(check_project_include file folder header)
  string(REGEX REPLACE "/.*" "" target "${header}")
  if(NOT "${header}" MATCHES "/" OR "${header}" MATCHES "^[.]")
    violation(${file} "\"${header}\"" "project headers are named from the root, \"folder/file.h\"")
  elseif(NOT target IN_LIST ${folder}_may)
    list(JOIN ${folder}_may ", " may)
    violation(${file} "\"${header}\"" "of the project, ${folder}/ may include only ${may}")
  elseif(NOT EXISTS "${ROOT}/${header}")
    violation(${file} "\"${header}\"" "there is no such file")
  endif()
endmacro()

# Sets `library` to the name of the library that `header` belongs to, or to "".
macro(find_library_of header)
  set(library "")
  string(REGEX REPLACE "[.]h$" "" bare "${header}")
  if("${header}" MATCHES "${standard}" OR bare IN_LIST posix)
    set(library standard)
  endif()
  foreach(row IN LISTS libraries)
    string(REGEX MATCH "^([^ ]+) +(.+)$" unused "${row}")
    set(name ${CMAKE_MATCH_1})
    if("${header}" MATCHES "${CMAKE_MATCH_2}")
      set(library ${name})
    endif()
  endforeach()
endmacro()

macro(check_library_include file folder header)
  find_library_of("${header}")
  set(allowed ${${folder}_libraries})
  if("${file}" MATCHES "[.]cpp$")
    list(APPEND allowed ${${folder}_source_libraries})
  endif()
  if(library STREQUAL "")
    violation(${file} "<${header}>" "no library in tests/layering.cmake has this header")
  elseif(library STREQUAL "standard" OR "any" IN_LIST allowed)
  elseif(NOT library IN_LIST allowed)
    list(JOIN allowed ", " may)
    violation(${file} "<${header}>" "of the libraries, this file may include only ${may}")
  elseif(library IN_LIST one_file_libraries)
    if(DEFINED wall_of_${library} AND NOT wall_of_${library} STREQUAL "${file}")
      violation(${file} "<${header}>" "${library} stays behind ${wall_of_${library}}")
    endif()
    set(wall_of_${library} ${file})
  elseif(DEFINED ${library}_files AND NOT "${file}" MATCHES "${${library}_files}")
    violation(${file} "<${header}>" "${library} stays behind ${${library}_files}")
  endif()
endmacro()

set(files_checked 0)
foreach(folder IN ITEMS schema aws store indexer query server cli bench tests)
  file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
  foreach(file IN LISTS files)
    math(EXPR files_checked "${files_checked} + 1")
    file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
    foreach(line IN LISTS lines)
      if(line MATCHES "include[ \t]*\"([^\"]+)\"")
        check_project_include(${file} ${folder} "${CMAKE_MATCH_1}")
      elseif(line MATCHES "include[ \t]*<([^>]+)>")
        check_library_include(${file} ${folder} "${CMAKE_MATCH_1}")
      endif()
    endforeach()
  endforeach()
endforeach()

if(files_checked EQUAL 0)
  message(FATAL_ERROR "no source files under '${ROOT}'")
endif()
if(violations)
  message(FATAL_ERROR "${violations} includes break the rules (docs/architecture.md)")
endif()
message(STATUS "${files_checked} files keep the include rules")
