# install_packages(FOLDER): what FOLDER/package-lock.json names, at its versions. Asks the registry only
# when the lock file is newer than what is installed.
function(install_packages folder)
  set(installed ${folder}/node_modules/.package-lock.json)
  if(EXISTS ${installed} AND NOT ${folder}/package-lock.json IS_NEWER_THAN ${installed})
    return()
  endif()
  execute_process(
    COMMAND ${NPM} ci --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY ${folder} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "The npm packages of ${folder} could not be installed. This needs the npm registry "
      "once; later builds work offline. npm said:\n${said}")
  endif()
  file(TOUCH ${installed})
endfunction()
