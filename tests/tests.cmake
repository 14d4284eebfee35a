# Every test of the project: C++ suites by folder, fuzz corpora, Python suites, include rules.
# Included by the root CMakeLists.txt.

set(tests_dir ${CMAKE_SOURCE_DIR}/tests)
add_custom_target(cpp_tests)  # Everything that the C++ tests run.

# --- fuzz targets --------------------------------------------------------------------------------
# tests/fuzz/NAME_fuzz.cpp defines LLVMFuzzerTestOneInput; its corpus is tests/fuzz/corpus/NAME/.
# With TRAILSIFT_FUZZ it is linked with libFuzzer, otherwise with a main that runs the corpus once.

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${tests_dir}/fuzz/*_fuzz.cpp)
foreach(source IN LISTS fuzz_sources)
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" corpus ${target})
  set(corpus ${tests_dir}/fuzz/corpus/${corpus})
  add_executable(${target} ${source})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  foreach(folder IN ITEMS schema aws store indexer query server cli)
    target_link_libraries(${target} PRIVATE trailsift_${folder})
  endforeach()
  if(TRAILSIFT_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${tests_dir}/fuzz/corpus_main.cpp)
    add_test(NAME corpus.${target} COMMAND ${target} ${corpus})
    add_dependencies(cpp_tests ${target})
  endif()
endforeach()
if(TRAILSIFT_FUZZ)
  return()
endif()

# --- C++ suites ----------------------------------------------------------------------------------

find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
include(GoogleTest)

# GCC 12 mistakes std::regex for uninitialised when it is built with a sanitizer.
if(TRAILSIFT_SANITIZE)
  set_source_files_properties(
    ${tests_dir}/bench/generate_events_test.cpp ${tests_dir}/cli/docs_test.cpp
    ${tests_dir}/server/search_api_test.cpp
    PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
endif()

file(GLOB support_sources CONFIGURE_DEPENDS ${tests_dir}/support/*.cpp)
add_library(trailsift_test_support STATIC ${support_sources})
target_link_libraries(trailsift_test_support PUBLIC trailsift_query GTest::gtest rapidcheck)

# A CA, and messages signed as SNS signs them.
add_library(trailsift_sns_authority STATIC ${tests_dir}/indexer/sns_authority.cpp)
target_link_libraries(trailsift_sns_authority PUBLIC trailsift_indexer)

foreach(folder IN ITEMS schema aws store indexer query server cli bench)
  file(GLOB sources CONFIGURE_DEPENDS ${tests_dir}/${folder}/*_test.cpp)
  set(suite ${folder}_tests)
  add_executable(${suite} ${sources})
  add_dependencies(cpp_tests ${suite})
  target_link_libraries(${suite} PRIVATE
    trailsift_${folder} trailsift_test_support GTest::gtest_main)
  target_compile_definitions(${suite} PRIVATE TRAILSIFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(folder STREQUAL "server" OR folder STREQUAL "indexer")
    target_link_libraries(${suite} PRIVATE trailsift_sns_authority)
  endif()
  if(folder STREQUAL "server")
    target_link_libraries(${suite} PRIVATE PkgConfig::httplib)  # A client that is not our own code.
  endif()
  if(folder STREQUAL "cli")
    add_dependencies(${suite} trailsift)  # Its tests may run the program.
    target_compile_definitions(${suite} PRIVATE TRAILSIFT_BIN="$<TARGET_FILE:trailsift>")
  endif()
  gtest_discover_tests(${suite}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    PROPERTIES TIMEOUT 300 LABELS ${folder} ENVIRONMENT RC_PARAMS=seed=1)
endforeach()

# What asks AWS, and fetches objects, for the tests in Python.
add_executable(aws_probe ${tests_dir}/aws/aws_probe_main.cpp)
target_link_libraries(aws_probe PRIVATE trailsift_aws)
add_executable(fetch_probe ${tests_dir}/s3/fetch_probe_main.cpp)
target_link_libraries(fetch_probe PRIVATE trailsift_indexer)

# --- Python suites: they run the program itself --------------------------------------------------
# Every folder with a test_*.py is one.

file(GLOB scripts CONFIGURE_DEPENDS ${tests_dir}/*/test_*.py)
list(TRANSFORM scripts REPLACE "^${tests_dir}/([^/]+)/.*" "\\1" OUTPUT_VARIABLE suites)
list(REMOVE_DUPLICATES suites)
foreach(suite IN LISTS suites)
  if(NOT EXISTS ${TRAILSIFT_PYTHON})
    message(STATUS "no ${TRAILSIFT_PYTHON}: the Python tests in tests/${suite} are left out")
    continue()
  endif()
  add_test(NAME python.${suite}
    COMMAND ${TRAILSIFT_PYTHON} -B -m pytest -q -p no:cacheprovider ${tests_dir}/${suite})
  set_tests_properties(python.${suite} PROPERTIES
    LABELS python
    TIMEOUT 1200
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    ENVIRONMENT "AWS_PROBE_BIN=$<TARGET_FILE:aws_probe>;FETCH_PROBE_BIN=$<TARGET_FILE:fetch_probe>;TRAILSIFT_BIN=$<TARGET_FILE:trailsift>;GENERATE_EVENTS_BIN=$<TARGET_FILE:generate_events>")
endforeach()

# --- the page ------------------------------------------------------------------------------------

add_test(NAME web.types COMMAND ${NPM} run --silent types)
add_test(NAME web.unit COMMAND ${NPM} run --silent test)
add_test(NAME web.e2e COMMAND ${NPM} run --silent e2e)
# Browsers wait for what is on the screen, so they have the machine for themselves.
set_tests_properties(web.e2e PROPERTIES RUN_SERIAL TRUE)
set_tests_properties(web.types web.unit web.e2e PROPERTIES
  LABELS web
  TIMEOUT 1500
  WORKING_DIRECTORY ${web}
  ENVIRONMENT "TRAILSIFT_BIN=$<TARGET_FILE:trailsift>;GENERATE_EVENTS_BIN=$<TARGET_FILE:generate_events>")

# --- include rules -------------------------------------------------------------------------------

add_test(NAME layering COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR} -P ${tests_dir}/layering.cmake)
add_test(NAME layering.rules COMMAND ${CMAKE_COMMAND} -DSCRATCH=${CMAKE_BINARY_DIR}/layering_test
  -P ${tests_dir}/layering_test.cmake)
