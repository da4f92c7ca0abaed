# Installs the servers of the third-party tests, exactly as package-lock.json says, into the folder INTO (not into the source
# tree). Run by ctest before the test; does nothing when it has been done before.
#   cmake -D INTO=FOLDER -P install.cmake
# ENTENTE_NO_NPM=1 leaves it, and the tests, out.
if(NOT INTO)
  message(FATAL_ERROR "install.cmake: say where to: cmake -D INTO=FOLDER -P install.cmake")
endif()
if("$ENV{ENTENTE_NO_NPM}" STREQUAL "1")
  message(STATUS "ENTENTE_NO_NPM=1: the servers are not installed, and the third-party tests are left out")
  return()
endif()

file(COPY "${CMAKE_CURRENT_LIST_DIR}/server.js" "${CMAKE_CURRENT_LIST_DIR}/odata_server.js" DESTINATION "${INTO}")
set(done "${INTO}/installed.json")
if(EXISTS "${done}")
  file(SHA256 "${done}" installed)
  file(SHA256 "${CMAKE_CURRENT_LIST_DIR}/package-lock.json" wanted)
  if(installed STREQUAL wanted)
    return()
  endif()
endif()

set(otherwise "ENTENTE_NO_NPM=1 leaves the third-party test out")
find_program(NODE node)
find_program(NPM npm)
if(NOT NODE OR NOT NPM)
  message(FATAL_ERROR "node or npm is not on the PATH: ./dev setup installs both from Debian where there is no node; ${otherwise}")
endif()
file(COPY "${CMAKE_CURRENT_LIST_DIR}/package.json" "${CMAKE_CURRENT_LIST_DIR}/package-lock.json" DESTINATION "${INTO}")
execute_process(
  COMMAND "${NPM}" ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 --loglevel=error
  WORKING_DIRECTORY "${INTO}"
  OUTPUT_VARIABLE said ERROR_VARIABLE said
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm could not install the servers from package-lock.json; is npm's registry reachable from here? "
                      "It said:\n${said}\n${otherwise}")
endif()
file(COPY_FILE "${INTO}/package-lock.json" "${done}")
