select count(*) as postcodes
from postcode
