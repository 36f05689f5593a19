# Copies a room's user headers to the install tree. Inside the sources includes are written from the root; installed
# they are <skein/ROOM/...>, so that only the folder above skein/ is searched and a user's own lib/ or sgd/ is theirs.
# In: source (the project), room, headers (relative to the room), folder (include folder, with DESTDIR).
foreach(header ${headers})
  file(READ "${source}/${room}/${header}" text)
  string(REGEX REPLACE "#include \"((lib|neat|sgd|bridge|experiments)/[^\"]+)\"" "#include <skein/\\1>" text "${text}")
  set(target "${folder}/skein/${room}/${header}")
  set(old "")
  if(EXISTS "${target}")
    file(READ "${target}" old)
  endif()
  if(NOT text STREQUAL old)  # what depends on an unchanged header need not be compiled again
    file(WRITE "${target}" "${text}")
  endif()
endforeach()
