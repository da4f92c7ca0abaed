# Seeded variants: the engine with the bugs of base/seeded_bug.hpp in it, asleep, for tests that prove that they find them.
#
# A test links entente_<folder>_seeded where it would link entente_<folder>. Never both: every library that depends on a
# marked one has a variant of its own, whose dependencies are the variants, so the plain engine is nowhere in its closure.
#   marked    holds SEEDED(...): its sources are compiled again, with ENTENTE_SEEDED_BUGS
#   unmarked  the very objects of the plain library, packed again: nothing is compiled
# base, model, sim and oracle know nothing of the engine and stay as they are. The registry itself, src/base/seeded_bug.cpp,
# is in entente_seeded_bugs, which only variants link: the program cannot hold it.
set(seeded_marked sync connect run)
set(seeded_unmarked store report world)

add_library(entente_seeded_bugs STATIC EXCLUDE_FROM_ALL base/seeded_bug.cpp)
target_include_directories(entente_seeded_bugs PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(entente_seeded_bugs PUBLIC ENTENTE_SEEDED_BUGS=1)

# The names in `links`, those of libraries with a variant replaced by it. Link-only marks (of private dependencies) stay.
function(entente_seeded_links links result)
  foreach(folder IN LISTS seeded_marked seeded_unmarked)
    string(REGEX REPLACE "entente_${folder}([;>]|$)" "entente_${folder}_seeded\\1" links "${links}")
  endforeach()
  set(${result} "${links}" PARENT_SCOPE)
endfunction()

function(entente_seeded_library folder)
  set(plain entente_${folder})
  set(target entente_${folder}_seeded)
  if(folder IN_LIST seeded_marked)
    get_target_property(sources ${plain} SOURCES)
    add_library(${target} STATIC EXCLUDE_FROM_ALL ${sources})
    file(GLOB behaviours CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/seeded_bugs.cpp)
    target_sources(${target} PRIVATE ${behaviours})
    target_link_libraries(${target} PUBLIC entente_seeded_bugs)
  else()
    add_library(${target} STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${plain}>)
  endif()
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  get_target_property(links ${plain} LINK_LIBRARIES)
  entente_seeded_links("${links}" links)
  target_link_libraries(${target} PRIVATE ${links})
  get_target_property(links ${plain} INTERFACE_LINK_LIBRARIES)
  entente_seeded_links("${links}" links)
  set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${links})
endfunction()

foreach(folder IN LISTS seeded_marked seeded_unmarked)
  if(TARGET entente_${folder})
    entente_seeded_library(${folder})
  endif()
endforeach()
