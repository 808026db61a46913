# Puts the sources in WHIRLYGIG_COMPOSED in the place of those of the same name in src/.
file(GLOB_RECURSE composed_sources CONFIGURE_DEPENDS ${WHIRLYGIG_COMPOSED}/*.cpp)
if(NOT composed_sources)
  message(FATAL_ERROR "There is nothing in ${WHIRLYGIG_COMPOSED}: lessons/learn fills it")
endif()
foreach(composed IN LISTS composed_sources)
  file(RELATIVE_PATH name ${WHIRLYGIG_COMPOSED} ${composed})
  list(REMOVE_ITEM transformer_sources ${PROJECT_SOURCE_DIR}/src/${name})
  list(APPEND transformer_sources ${composed})
endforeach()
# A body that is still to be written leaves parameters and helpers unused.
set_source_files_properties(${composed_sources} PROPERTIES COMPILE_OPTIONS
  "-Wno-unused-parameter;-Wno-unused-function;-Wno-unused-const-variable;-Werror=return-type")
if(WHIRLYGIG_LESSON_CHECKS)
  # A wrong index ends the program, so that the sanitizer says in which line it was.
  target_compile_definitions(whirlygig_options INTERFACE BOOST_UBLAS_NO_EXCEPTIONS)
endif()
