# Writes OUTPUT, a C++ file that holds every catalog/**/*.yaml under ROOT as (path, text), sorted by path.
# Compilers may refuse string literals above 16k, so texts are cut into pieces that the compiler joins again.
set(piece_max 12000)

file(GLOB_RECURSE paths RELATIVE ${ROOT} ${ROOT}/catalog/*.yaml)
list(SORT paths COMPARE STRING)

set(entries "")
foreach(path IN LISTS paths)
  file(READ ${ROOT}/${path} text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} ${piece_max} piece)
    string(APPEND pieces "R\"yaml(${piece})yaml\"\n")
    math(EXPR at "${at} + ${piece_max}")
  endwhile()
  string(APPEND entries "        {\"${path}\", ${pieces}\"\"},\n")
endforeach()

file(WRITE ${OUTPUT} "#include \"model/loader.hpp\"

namespace entente::model {

std::span<const SourceFile> shipped_catalog() {
    static const SourceFile files[] = {
${entries}    };
    return files;
}

}  // namespace entente::model
")
