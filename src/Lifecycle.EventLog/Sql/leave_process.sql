delete from process where process = $1
