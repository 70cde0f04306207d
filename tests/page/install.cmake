# Installs the packages of the page's tests when the lock file asks for it.
include(${CMAKE_CURRENT_LIST_DIR}/../../client/page/packages.cmake)
install_packages(${CMAKE_CURRENT_LIST_DIR})
