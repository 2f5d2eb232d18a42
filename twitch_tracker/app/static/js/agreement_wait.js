// Asks for the comparison of many recordings; this page stays until it is there.
location.replace(document.getElementById("whole").href);
