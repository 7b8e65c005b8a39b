-- $1 tenant. The texts of the release published last.
select content from release where tenant = $1 order by number desc limit 1
