# How a room, its tests and its fuzzers become targets: one line each in the folders' own CMakeLists.txt.

# Warnings that every file of ours is compiled with; outside headers come in as SYSTEM.
add_library(confab_flags INTERFACE)
target_compile_features(confab_flags INTERFACE cxx_std_23)
target_compile_options(confab_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor)
if(CONFAB_WERROR)
  target_compile_options(confab_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overflows that are not there in inlined std::string and std::vector code (GCC bugs 105329, 105651).
  target_compile_options(confab_flags INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

# confab_room(NAME SOURCES a.cc … [FLOORS lower rooms …] [LIBRARIES outside libraries, for this room alone …])
function(confab_room name)
  cmake_parse_arguments(arg "" "" "SOURCES;FLOORS;LIBRARIES" ${ARGN})
  add_library(confab_${name} STATIC ${arg_SOURCES})
  target_include_directories(confab_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(confab_${name} PRIVATE confab_flags ${arg_LIBRARIES})
  foreach(floor IN LISTS arg_FLOORS)
    target_link_libraries(confab_${name} PUBLIC confab_${floor})
  endforeach()
endfunction()

# confab_test(ROOM SOURCES a_test.cc … [LIBRARIES further targets …]): one program a room, each test known to ctest.
function(confab_test room)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${room}_test ${arg_SOURCES})
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${room}_test PRIVATE confab_flags confab_${room} ${arg_LIBRARIES} GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${room}_test TEST_PREFIX ${room}. DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
endfunction()

# confab_fuzz(NAME LIBRARIES …): fuzz/NAME_fuzz.cc as a libFuzzer program under the `fuzz` preset, and everywhere else as a
# program that replays its seed corpus, so that the corpus is a test.
function(confab_fuzz name)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  set(target ${name}_fuzz)
  if(CONFAB_FUZZ)
    add_executable(${target} ${name}_fuzz.cc)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} ${name}_fuzz.cc replay.cc)
    add_test(NAME fuzz.${name}.corpus COMMAND ${target} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  endif()
  target_link_libraries(${target} PRIVATE confab_flags ${arg_LIBRARIES})
endfunction()
